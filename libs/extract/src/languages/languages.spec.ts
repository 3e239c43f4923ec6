import { isForeign, isVendored, languageOf, languageStatistics } from './languages';
import { EXTENSIONS_BY_LANGUAGE } from './table';

describe('languages', () => {
  it.each([
    ['src/a.ts', 'typescript'],
    ['src/a.TSX', 'typescript'],
    ['a.cjs', 'javascript'],
    ['a.py', 'python'],
    ['cmd/main.go', 'go'],
    ['go.mod', 'go module'],
    ['Dockerfile', 'dockerfile'],
    ['deploy/Dockerfile.dev', 'dockerfile'],
    ['Makefile', 'makefile'],
    ['CMakeLists.txt', 'cmake'],
    ['.npmrc', 'ini'],
    ['constructor', null],
    ['LICENSE', null],
    ['a.unknown', null],
    ['.ts', null],
  ])('%s is %s', (path, language) => {
    expect(languageOf(path)).toBe(language);
  });

  it('knows at least sixty, and no extension twice', () => {
    const extensions = Object.values(EXTENSIONS_BY_LANGUAGE).flatMap((list) => list.split(' '));
    expect(Object.keys(EXTENSIONS_BY_LANGUAGE).length).toBeGreaterThanOrEqual(60);
    expect(extensions.filter((extension, index) => extensions.indexOf(extension) !== index)).toEqual([]);
    expect(extensions.filter((extension) => !/^\.[a-z0-9+]+$/.test(extension))).toEqual([]);
  });
});

describe('what is counted', () => {
  it('tells installed, copied and own files apart', () => {
    const told = (path: string) => [isVendored(path), isForeign(path)];
    expect(told('node_modules/a/index.js')).toEqual([true, false]);
    expect(told('packages/a/node_modules/b.js')).toEqual([true, false]);
    expect(told('.yarn/releases/yarn-4.cjs')).toEqual([true, false]);
    expect(told('src/vendor/a.js')).toEqual([false, true]);
    expect(told('third_party/a.c')).toEqual([false, true]);
    expect(told('src/my_node_modules_list.ts')).toEqual([false, false]);
    expect(told('vendor.ts')).toEqual([false, false]);
  });

  it('sums bytes and files, most bytes first', () => {
    const files = [
      { path: 'a.ts', bytes: 10, language: 'typescript' },
      { path: 'b.ts', bytes: 5, language: 'typescript' },
      { path: 'c.py', bytes: 40, language: 'python' },
      { path: 'd.go', bytes: 15, language: 'go' },
      { path: 'LICENSE', bytes: 100, language: null },
      { path: 'node_modules/e.ts', bytes: 100, language: 'typescript' },
      { path: 'vendor/f.ts', bytes: 100, language: 'typescript' },
    ];
    expect(languageStatistics(files)).toEqual([
      { language: 'python', files: 1, bytes: 40 },
      { language: 'go', files: 1, bytes: 15 },
      { language: 'typescript', files: 2, bytes: 15 },
    ]);
  });
});
