import { createStyle } from '../shell/style';
import { renderCycles, renderDependents, sizeWarning } from './graph';

const plain = createStyle(false);

describe('sizeWarning', () => {
  it.each([
    ['mermaid', { files: 300, lines: 500 }, 50_000, null],
    ['mermaid', { files: 300, lines: 501 }, 1_000, 'This drawing is large (300 files with 501 lines between them): Mermaid draws at most 500 lines'],
    ['mermaid', { files: 3_000, lines: 1 }, 50_001, 'with 1 line between them'],
    ['dot', { files: 900, lines: 2_000 }, 900_000, null],
    ['dot', { files: 900, lines: 2_001 }, 1, 'sfdp'],
    ['json', { files: 90_000, lines: 200_000 }, 9e9, null],
  ] as const)('of %s with %j and %p characters', (format, size, characters, warning) => {
    const found = sizeWarning(format, size, characters);
    if (warning === null) expect(found).toBeNull();
    else expect(found).toContain(warning);
  });
});

describe('renderDependents', () => {
  it('indents by distance', () => {
    const dependents = [{ path: 'src/a.ts', depth: 1 }, { path: 'src/main.ts', depth: 2 }];

    expect(renderDependents({ target: 'src/b.ts', kind: 'module', dependents }, true, plain)).toBe('2 modules depend on module src/b.ts, directly or not:\n  src/a.ts\n    src/main.ts');
    expect(renderDependents({ target: 'lodash', kind: 'package', dependents: dependents.slice(0, 1) }, false, plain)).toBe('1 module depends on package lodash:\n  src/a.ts');
  });

  it('says so when nothing does', () => {
    expect(renderDependents({ target: 'lodash', kind: 'package', dependents: [] }, false, plain)).toBe('Nothing uses package lodash.');
    expect(renderDependents({ target: 'src/b.ts', kind: 'module', dependents: [] }, false, plain)).toBe('Nothing imports module src/b.ts.');
  });
});

describe('renderCycles', () => {
  it('lists the modules of each', () => {
    expect(renderCycles([['a.ts', 'b.ts'], ['c.ts']], plain)).toBe('2 import cycles\n\ncycle 1 of 2 modules\n  a.ts\n  b.ts\n\ncycle 2 of 1 module\n  c.ts');
  });

  it('is glad when there are none', () => {
    expect(renderCycles([], plain)).toBe('No import cycles.');
  });
});
