import { checkShape } from '@granary/contracts';
import type { TreeEntry } from '@granary/git';
import { analyseBlob } from './analyse-blob';
import { extractorById } from './extractors';
import { factPackText } from './fact-pack';
import type { Fact, LightReason } from './facts';
import { countFindings, findingsOf } from './findings';
import { acceptOwn, isModuleGraph } from './own-artifacts/accept';
import { readOwnArtifact, type OwnArtifactFact } from './own-artifacts/own-artifacts';
import { scan, tierOf, tiersOf, withOwn, type ScannedFile } from './scan';
import { createSearch } from './search';

const search = createSearch({ key: '5a'.repeat(32), custom: [{ id: 'acme-token', title: 'Token of Acme', severity: 'high', keywords: ['acme_'], pattern: 'acme_(?<secret>[a-z0-9]{24})' }] });
// Made of pieces, so that this file holds none.
const SECRET = ['acme', 'k3v9x2m7q8w4z1t6r5y0p3b8'].join('_');
const ADDRESS = ['erika.mustermann', 'somewhere-real.de'].join('@');

/** A snapshot of these files, read as a harvest reads them. */
function snapshot(contents: Record<string, string>, light: Record<string, LightReason> = {}): { files: ScannedFile[]; facts: Map<string, Fact> } {
  const blobs = new Map(Object.keys(contents).map((path, n) => [path, (n + 1).toString(16).padStart(40, '0')]));
  const files = [...blobs].map(([path, blob]) => scan({ path, blob, utf8: true, type: 'file', bytes: contents[path]?.length ?? 0 } satisfies TreeEntry, 'r'));
  const facts = new Map(
    files.flatMap(({ path, wants }) => {
      const extractor = wants && extractorById(wants.key.extractor);
      return wants && extractor ? [[wants.text, analyseBlob(Buffer.from(contents[path] ?? ''), { extractor, pathClass: wants.key.pathClass, search, light: light[path] ?? null })] as const] : [];
    }),
  );
  return { files, facts };
}

const packOf = ({ files, facts }: { files: readonly ScannedFile[]; facts: ReadonlyMap<string, Fact> }, decisions = new Map<string, string>()) => {
  const pack: unknown = JSON.parse([...factPackText({ repositoryId: '01976c2e-8a00-7b3c-9d4e-5f60718293a4', name: 'a', commit: 'c'.repeat(40), committedAt: '2026-03-02T09:10:00.000Z', ref: 'HEAD', tier: 2, tierReasons: [], files, facts, languages: [], found: findingsOf(files, facts, decisions) })].join(''));
  const checked = checkShape('fact-pack', pack, 'strict');
  if (!checked.ok) throw new Error(checked.problems.join('; '));
  return checked.value;
};

describe('what is found in a snapshot', () => {
  const found = snapshot({ 'docs/people.txt': `contact: ${ADDRESS}\n`, 'src/a.ts': `import 'a';\nconst key = '${SECRET}';\n`, 'src/copy.ts': `import 'a';\nconst key = '${SECRET}';\n` });

  it('is told by path, never with the value', () => {
    const { findings } = findingsOf(found.files, found.facts, new Map());
    expect(findings.filter(({ rule }) => rule === 'acme-token').map(({ path, line, kind, severity }) => [path, line, kind, severity])).toEqual([
      ['src/a.ts', 2, 'secret', 'high'],
      ['src/copy.ts', 2, 'secret', 'high'],
    ]);
    expect(findings.some(({ kind, path }) => kind === 'personal-data' && path === 'docs/people.txt')).toBe(true);
    expect(JSON.stringify([findings, [...found.facts.values()], packOf(found)])).not.toContain(SECRET.slice(5));
    expect(JSON.stringify([findings, [...found.facts.values()]])).not.toContain(ADDRESS);
  });

  it('has an id for each path, and keeps it when the line changes', () => {
    const ids = ({ files, facts }: typeof found): string[] => findingsOf(files, facts, new Map()).findings.filter(({ kind }) => kind === 'secret').map(({ id }) => id);
    const moved = snapshot({ 'docs/people.txt': '', 'src/a.ts': `\n\nconst key = '${SECRET}';\n`, 'src/copy.ts': `const key = '${SECRET}';\n` });
    expect(new Set(ids(found)).size).toBe(2);
    expect(ids(moved)).toEqual(ids(found));
  });

  it('does not count when somebody let it stay', () => {
    const [first] = findingsOf(found.files, found.facts, new Map()).findings.filter(({ kind }) => kind === 'secret');
    const decided = findingsOf(found.files, found.facts, new Map([[first?.id ?? '', 'sandbox']]));
    expect(decided.findings.find(({ id }) => id === first?.id)?.allowed).toEqual({ by: 'decision', reason: 'sandbox' });
    expect(countFindings(decided)).toMatchObject({ secrets: { high: 1 }, allowed: 1 });
    expect(packOf(found, new Map([[first?.id ?? '', 'sandbox']])).findings.filter(({ allowed }) => allowed !== null)).toHaveLength(1);
  });

  it('is taken out of facts that quote the source', () => {
    const { facts } = snapshot({ 'src/a.ts': `import 'x/${SECRET}/y';` });
    expect([...facts.values()][0]).toMatchObject({ state: 'analysed', body: expect.stringContaining('[secret removed]') });
    expect(JSON.stringify([...facts.values()])).not.toContain(SECRET.slice(5));
  });

  it('includes files that are credentials by their name', () => {
    const { files, facts } = snapshot({ 'deploy/id_rsa': '' });
    expect(findingsOf(files, facts, new Map()).findings).toMatchObject([{ kind: 'secret', path: 'deploy/id_rsa', line: 1 }]);
  });
});

describe("a repository's own module graph", () => {
  const contents = { 'app.rb': 'require_relative "b"', 'b.rb': '', 'src/a.ts': `import './own';` };
  const graph = (blobs: Record<string, string>): OwnArtifactFact =>
    readOwnArtifact(JSON.stringify({ version: 1, modules: Object.entries(blobs).map(([path, blob]) => ({ path, blob, imports: [{ specifier: './b', kind: 'static', line: 1 }] })) }), 'module_graph.json');
  const blobOf = (files: readonly ScannedFile[], path: string): string => files.find((file) => file.path === path)?.blob ?? '';

  it('is believed where it names the content that is there, and says where it is stale', () => {
    const { files, facts } = snapshot(contents);
    const { modules, remarks } = acceptOwn('module_graph.json', graph({ 'app.rb': blobOf(files, 'app.rb'), 'b.rb': 'f'.repeat(40), 'gone.rb': blobOf(files, 'b.rb') }), files);
    expect([...modules]).toEqual([['app.rb', { body: '{"imports":[{"specifier":"./b","kind":"static","line":1}]}', items: 1, provenance: 'module_graph.json' }]]);
    expect(remarks).toEqual(['module_graph.json describes 1 files as they are', '2 of the 3 entries of module_graph.json are about other content and were not used']);
    const taken = files.map((file) => (file.path === 'app.rb' ? withOwn(file, modules.get('app.rb') as NonNullable<ReturnType<typeof modules.get>>, 'r') : file));
    const pack = packOf({ files: taken, facts });
    expect(pack.modules).toMatchObject([{ path: 'app.rb', provenance: 'module_graph.json' }, { path: 'src/a.ts' }]);
    expect(pack.files.map(({ path, tier }) => [path, tier])).toEqual([['app.rb', 1], ['b.rb', null], ['src/a.ts', 2]]);
    expect(tierOf(taken, facts)).toEqual({ tier: 2, reasons: [] });
    expect(tierOf(taken.filter(({ path }) => path.endsWith('.rb')), facts)).toEqual({ tier: 1, reasons: [] });
  });

  it('of another shape is not used, and the reason is told', () => {
    const { files } = snapshot(contents);
    expect(acceptOwn('module_graph.json', readOwnArtifact('{"modules":[{}]}', 'module_graph.json'), files)).toEqual({ modules: new Map(), remarks: [expect.stringContaining('module_graph.json was not used: it has not the shape of module_graph.json: ')] });
    expect(readOwnArtifact('{', 'module_graph.json')).toEqual({ content: null, error: 'it is not JSON' });
  });

  it('is no manifest of the pack, a list of entry points is', () => {
    const entrypoints = JSON.stringify({ version: 1, entrypoints: [{ kind: 'bin', name: 'app', path: 'app.rb', blob: 'a'.repeat(40) }] });
    const { files, facts } = snapshot({ '.granary/entry_points.json': entrypoints, 'module_graph.json': '{"version":1,"modules":[]}' });
    expect(files.filter(({ wants }) => wants !== null && isModuleGraph(wants.key)).map(({ path }) => path)).toEqual(['module_graph.json']);
    expect(packOf({ files, facts }).manifests).toMatchObject([{ path: '.granary/entry_points.json', kind: 'entry_points.json', content: { version: 1 }, error: null }]);
  });
});

describe('the tiers of a harvest', () => {
  it('count files by how they were read, and say why some were only lightly scanned', () => {
    const { files, facts } = snapshot({ 'a.ts': `import 'a';`, 'b.ts': `import 'b';`, 'c.ts': `import 'c';` }, { 'b.ts': 'timed-out', 'c.ts': 'too-large' });
    const micros = new Map([...facts.keys()].slice(1).map((text) => [text, 2_000]));
    expect(tiersOf(files, facts, micros)).toEqual([
      { tier: 1, files: 1, durationMs: 0 },
      { tier: 2, files: 0, durationMs: 0 },
      { tier: 3, files: 2, durationMs: 4 },
    ]);
    expect(tierOf(files, facts)).toEqual({ tier: 3, reasons: ['1 file only lightly scanned: the analysis took too long', '1 file only lightly scanned: too large to be analysed'] });
  });
});
