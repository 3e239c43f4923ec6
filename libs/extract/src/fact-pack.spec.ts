import { checkShape } from '@granary/contracts';
import { analyseBlob } from './analyse-blob';
import { extractorById } from './extractors';
import type { Fact } from './facts';
import { languageStatistics } from './languages/languages';
import type { TreeEntry } from '@granary/git';
import { changesText, factPackText } from './fact-pack';
import type { ScannedFile } from './scan';
import { countFiles, scan, unread } from './scan';
import { createSearch } from './search';

const blob = (digit: string): string => digit.repeat(40);
const entry = (path: string, digit: string, overrides: Partial<TreeEntry> = {}): TreeEntry => ({ path, utf8: true, type: 'file', blob: blob(digit), bytes: 100, ...overrides });

const CONTENT: Record<string, string> = {
  [blob('1')]: `import './b.js';\nimport type { C } from "c";`,
  [blob('2')]: '',
  [blob('3')]: '{"name":"a \\"quoted\\"","dependencies":{"b":"1"}}',
  [blob('4')]: '{ broken',
  [blob('5')]: 'binary\0',
};

const files: ScannedFile[] = [
  entry('README.md', '9'),
  entry('a.ts', '1'),
  entry('b.ts', '2'),
  entry('copy/a.ts', '1'),
  entry('huge.js', '7', { bytes: 11_000_000 }),
  entry('link', '8', { type: 'symlink', bytes: 9 }),
  entry('node_modules/x/index.js', '1'),
  entry('odd\\xe4.ts', '1', { utf8: false }),
  entry('package-lock.json', '4'),
  entry('package.json', '3'),
  entry('picture.js', '5'),
  entry('sub', '6', { type: 'submodule', bytes: 0 }),
  entry(`${'deep/'.repeat(900)}a.ts`, '1'),
].map((one) => scan(one, 'r'));

const search = createSearch({ key: '5a'.repeat(32), custom: [] });
const nothing = { findings: [], aiUsage: [] };

function factsOf(scanned: readonly ScannedFile[]): Map<string, Fact> {
  return new Map(
    unread(scanned, new Map()).map(({ key, text }) => {
      const extractor = extractorById(key.extractor);
      if (!extractor) throw new Error('no extractor');
      return [text, analyseBlob(Buffer.from(CONTENT[key.blob] ?? ''), { extractor, pathClass: key.pathClass, search, light: null })];
    }),
  );
}

describe('a scan', () => {
  it('says of every path how it is read, or why not', () => {
    expect(files.map(({ path, language, skipped, wants }) => [path.slice(0, 30), language, skipped, wants?.key.pathClass.split('/')[0] ?? null])).toEqual([
      ['README.md', 'markdown', null, 'text'],
      ['a.ts', 'typescript', null, 'ts'],
      ['b.ts', 'typescript', null, 'ts'],
      ['copy/a.ts', 'typescript', null, 'ts'],
      ['huge.js', 'javascript', 'too-large', null],
      ['link', null, 'symlink', null],
      ['node_modules/x/index.js', 'javascript', 'vendored', null],
      ['odd\\xe4.ts', null, 'non-utf8-path', null],
      ['package-lock.json', 'json', null, 'package-lock.json'],
      ['package.json', 'json', null, 'package.json'],
      ['picture.js', 'javascript', null, 'js'],
      ['sub', null, 'submodule', null],
      ['deep/deep/deep/deep/deep/deep/', null, 'path-too-long', null],
    ]);
  });

  it('reads one content once, and only what is not known', () => {
    const wanted = unread(files, new Map());
    expect(wanted.map(({ key }) => [key.blob[0], key.pathClass.split('/')[0]])).toEqual([['9', 'text'], ['1', 'ts'], ['2', 'ts'], ['4', 'package-lock.json'], ['3', 'package.json'], ['5', 'js']]);
    expect(unread(files, factsOf(files))).toEqual([]);
  });

  it('counts what became of the files', () => {
    const facts = factsOf(files);
    const read = new Map(unread(files, new Map()).map(({ text }) => [text, 1]));
    expect(countFiles(files, facts, read)).toEqual({ files: 13, analysed: 5, reused: 1, skipped: 7, imports: 4 });
    expect(countFiles(files, facts, new Map())).toEqual({ files: 13, analysed: 0, reused: 6, skipped: 7, imports: 4 });
  });
});

describe('a fact pack', () => {
  const text = [
    ...factPackText({
      repositoryId: '01976c2e-8a00-7b3c-9d4e-5f60718293a4',
      name: 'a "b"',
      commit: blob('c'), committedAt: '2026-03-02T09:10:00.000Z',
      ref: 'refs/heads/main',
      tier: 2,
      tierReasons: [],
      files,
      facts: factsOf(files),
      languages: languageStatistics(files),
      found: nothing,
    }),
  ].join('');

  it('keeps its contract', () => {
    expect(checkShape('fact-pack', JSON.parse(text), 'strict')).toMatchObject({ ok: true });
  });

  it('holds every path, and the facts of those that were read', () => {
    const pack = JSON.parse(text) as { files: { path: string; skipped: string | null }[]; modules: unknown; manifests: unknown; languages: unknown };
    expect(pack.files.map(({ path, skipped }) => [path.slice(0, 20), skipped])).toEqual([
      ['README.md', null],
      ['a.ts', null],
      ['b.ts', null],
      ['copy/a.ts', null],
      ['huge.js', 'too-large'],
      ['link', 'symlink'],
      ['node_modules/x/index', 'vendored'],
      ['odd\\xe4.ts', 'non-utf8-path'],
      ['package-lock.json', null],
      ['package.json', null],
      ['picture.js', 'binary'],
      ['sub', 'submodule'],
      ['deep/deep/deep/deep/', 'path-too-long'],
    ]);
    const imports = [
      { specifier: './b.js', kind: 'static', line: 1 },
      { specifier: 'c', kind: 'type', line: 2 },
    ];
    expect(pack.modules).toEqual([
      { path: 'a.ts', blob: blob('1'), imports },
      { path: 'b.ts', blob: blob('2'), imports: [] },
      { path: 'copy/a.ts', blob: blob('1'), imports },
    ]);
    expect(pack.manifests).toEqual([
      { path: 'package-lock.json', kind: 'package-lock.json', content: null, error: 'not JSON: invalid symbol at line 1, column 3' },
      { path: 'package.json', kind: 'package.json', content: { name: 'a "quoted"', dependencies: { b: '1' } }, error: null },
    ]);
    expect(pack.languages).toEqual([
      { language: 'javascript', files: 2, bytes: 11_000_100 },
      { language: 'typescript', files: 3, bytes: 300 },
      { language: 'json', files: 2, bytes: 200 },
      { language: 'markdown', files: 1, bytes: 100 },
    ]);
  });

  it('of an empty tree keeps its contract too', () => {
    const empty = [...factPackText({ repositoryId: '01976c2e-8a00-7b3c-9d4e-5f60718293a4', name: 'a', commit: blob('c'), committedAt: '2026-03-02T09:10:00.000Z', ref: 'HEAD', tier: 2, tierReasons: ['why'], files: [], facts: new Map(), languages: [], found: nothing })].join('');
    expect(checkShape('fact-pack', JSON.parse(empty), 'strict')).toMatchObject({ ok: true });
  });
});

it('changes are written as they are', () => {
  const text = [...changesText('b', 'c', [{ path: 'a\n', status: 'added', before: null, after: 'x' }, { path: 'b', status: 'removed', before: 'y', after: null }])].join('');
  expect(JSON.parse(text)).toEqual({
    version: 1,
    base: 'b',
    commit: 'c',
    changes: [
      { path: 'a\n', status: 'added', before: null, after: 'x' },
      { path: 'b', status: 'removed', before: 'y', after: null },
    ],
  });
});
