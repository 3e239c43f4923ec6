import { javascript } from './javascript';

describe('which paths are modules', () => {
  it.each([
    ['src/a.ts', 'ts'],
    ['src/a.mts', 'ts'],
    ['src/a.cts', 'ts'],
    ['src/a.d.ts', 'dts'],
    ['src/a.d.mts', 'dts'],
    ['src/a.css.d.ts', 'dts'],
    ['src/a.d.css.ts', 'dts'],
    ['src/a.tsx', 'tsx'],
    ['a.js', 'js'],
    ['a.mjs', 'js'],
    ['a.cjs', 'js'],
    ['a.jsx', 'jsx'],
    ['a.json', null],
    ['ts', null],
    ['Makefile', null],
    ['a.ts/readme', null],
  ])('%s is read as %s', (path, pathClass) => {
    expect(javascript.classOf(path)).toBe(pathClass);
  });
});

describe('references of a TypeScript file', () => {
  const found = (source: string): unknown => javascript.extract(source, 'ts').body;

  it('are type imports, as long as they stand at the top', () => {
    expect(found(`// a\n/// <reference path="other.ts" />\n/// <reference types="node" />\n/// <reference path='../up.d.ts'/>\nimport 'a';\n/// <reference path="late.ts" />\n`)).toEqual({
      imports: [
        { specifier: './other.ts', kind: 'type', line: 2 },
        { specifier: '../up.d.ts', kind: 'type', line: 4 },
        { specifier: 'a', kind: 'static', line: 5 },
      ],
    });
  });
});
