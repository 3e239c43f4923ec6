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
