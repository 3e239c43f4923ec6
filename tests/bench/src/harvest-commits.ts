// One commit later: from the difference of two trees to the bytes of the next graph, in one process that knows the last one.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import type { FactFile, FactManifest, FactModule, FactPack } from '@granary/contracts';
import { analyseBlob, extractorById, factPackText, languageStatistics, NO_SEARCH, readCommit, scan } from '@granary/extract';
import type { Fact, ScannedFile } from '@granary/extract';
import { openCatFile, parseTreeRecord } from '@granary/git';
import type { CatFile } from '@granary/git';
import { advance, canonicalJson, createGraphState, normalize } from '@granary/graph';
import type { GraphState } from '@granary/graph';
import { seeded } from '../../support/random.ts';
import { quantile } from './figures.ts';
import { commit, git, SOURCE } from './harvest-trees.ts';
import type { Tree } from './harvest-trees.ts';

const IDENTITY = { repositoryId: '00000000-0000-7000-8000-000000000000', name: 'bench', ref: 'refs/heads/main', tier: 2 as const, tierReasons: [] };
const COMMITTED_AT = '2026-01-01T00:00:00.000Z';
const NOTHING = { findings: [], aiUsage: [] };
const SEED = 7;

/**
 * Makes so many commits, each of one to five files (a seventh of them also adds, renames or removes one), and measures how
 * long each takes: comparing trees, reading what changed, linking what it concerns, writing and hashing the whole graph.
 * Every tenth graph is compared with the one made from nothing.
 */
export async function benchCommits(tree: Tree, commits: number): Promise<object> {
  const random = seeded(SEED);
  const gitDir = join(tree.path, '.git');
  const env = { PATH: process.env['PATH'] ?? '' };
  const first = git(tree.path, 'rev-parse', 'HEAD').trim();
  const pack = await readCommit({ gitDir, commit: first, committedAt: new Date(COMMITTED_AT), ref: IDENTITY.ref, repository: { id: IDENTITY.repositoryId, name: IDENTITY.name }, search: NO_SEARCH, ruleSet: '', env, signal: new AbortController().signal });
  const snapshot = new Snapshot(pack);
  let state = createGraphState(snapshot.pack(first));
  const objects = openCatFile(gitDir, env);
  const milliseconds: number[] = [];
  let [before, differing] = [first, 0];
  for (let number = 0; number < commits; number += 1) {
    change(tree.path, random);
    commit(tree.path);
    const after = git(tree.path, 'rev-parse', 'HEAD').trim();
    const begun = performance.now();
    state = await next(state, snapshot, { objects, path: tree.path, before, after });
    createHash('sha256').update(state.text).digest();
    milliseconds.push(performance.now() - begun);
    if (number % 10 === 9 && state.text !== canonicalJson(normalize(snapshot.pack(after)))) differing += 1;
    before = after;
  }
  objects.close();
  return { commits, 'p50 ms': round(quantile(milliseconds, 0.5)), 'p95 ms': round(quantile(milliseconds, 0.95)), 'graphs that differ from a whole one': differing };
}

const round = (value: number): number => Number(value.toFixed(1));

async function next(state: GraphState, snapshot: Snapshot, { objects, path, before, after }: { objects: CatFile; path: string; before: string; after: string }): Promise<GraphState> {
  const records = git(path, 'diff-tree', '-r', '-z', '--raw', '--no-renames', '--full-index', before, after).split('\0');
  const changed: ScannedFile[] = [];
  for (let at = 0; at + 1 < records.length; at += 2) {
    const [, mode = '', , blob = ''] = (records[at] ?? '').split(' ');
    const file = records[at + 1] ?? '';
    if (/^0+$/.test(blob)) snapshot.remove(file);
    else changed.push(scan(parseTreeRecord(Buffer.from(`${mode} blob ${blob} 1\t${file}`)), ''));
  }
  const facts = await read(objects, changed);
  snapshot.put(JSON.parse([...factPackText({ ...IDENTITY, commit: after, committedAt: COMMITTED_AT, files: changed, facts, languages: [], found: NOTHING })].join('')) as FactPack);
  return advance(state, snapshot.pack(after));
}

async function read(objects: CatFile, files: readonly ScannedFile[]): Promise<Map<string, Fact>> {
  const wanted = files.flatMap(({ wants }) => (wants === null || wants.key.kind === 'text' ? [] : [wants]));
  const facts = new Map<string, Fact>();
  let at = 0;
  for await (const content of wanted.length === 0 ? [] : objects.read(wanted.map(({ key }) => key.blob))) {
    const { key, text } = wanted[at] as (typeof wanted)[number];
    at += 1;
    const extractor = extractorById(key.extractor);
    if (content !== null && extractor !== undefined) facts.set(text, analyseBlob(content, { extractor, pathClass: key.pathClass, search: NO_SEARCH, light: null }));
  }
  return facts;
}

/** The parts of a fact pack by path, so that what did not change is not made again. */
class Snapshot {
  readonly #files: Map<string, FactFile>;
  readonly #modules: Map<string, FactModule>;
  readonly #manifests: Map<string, FactManifest>;

  constructor({ files, modules, manifests }: FactPack) {
    this.#files = new Map(files.map((file) => [file.path, file]));
    this.#modules = new Map(modules.map((module) => [module.path, module]));
    this.#manifests = new Map(manifests.map((manifest) => [manifest.path, manifest]));
  }

  remove(path: string): void {
    for (const parts of [this.#files, this.#modules, this.#manifests]) parts.delete(path);
  }

  put({ files, modules, manifests }: FactPack): void {
    for (const { path } of files) this.remove(path);
    for (const file of files) this.#files.set(file.path, file);
    for (const module of modules) this.#modules.set(module.path, module);
    for (const manifest of manifests) this.#manifests.set(manifest.path, manifest);
  }

  pack(at: string): FactPack {
    const files = [...this.#files.values()];
    return { version: 1, ...IDENTITY, tierReasons: [], commit: at, committedAt: COMMITTED_AT, files, modules: [...this.#modules.values()], manifests: [...this.#manifests.values()], findings: [], aiUsage: [], languages: languageStatistics(files.map((file) => ({ ...file, skipped: null, wants: null }))) };
  }
}

function change(path: string, random: () => number): void {
  const files = readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && SOURCE.test(entry.name) && !entry.parentPath.includes('/.git') && !entry.parentPath.endsWith('/.git'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const any = (): string => files[Math.floor(random() * files.length)] ?? '';
  for (let count = 1 + Math.floor(random() * 5); count > 0; count -= 1) {
    const file = any();
    const target = relative(dirname(file), any());
    writeFileSync(file, `import '${target.startsWith('.') ? target : `./${target}`}';\n${readFileSync(file, 'utf8')}`);
  }
  const more = random();
  if (more < 0.05) writeFileSync(join(dirname(any()), `new-${Math.floor(random() * 1e9)}.ts`), `export const made = 1;\n`);
  else if (more < 0.1) renameSync(any(), join(dirname(any()), `moved-${Math.floor(random() * 1e9)}.ts`));
  else if (more < 0.15) rmSync(any());
}
