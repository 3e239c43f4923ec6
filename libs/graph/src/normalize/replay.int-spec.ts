import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { FactPack } from '@granary/contracts';
import { analyseBlob, extractorById, factPackText, findingsOf, languageStatistics, NO_SEARCH, readCommit, scan, tierOf, unread, type Fact, type ScannedFile } from '@granary/extract';
import { openCatFile, parseTreeRecord, type CatFile } from '@granary/git';
import { canonicalJson } from './canonical';
import { advance, createGraphState, type GraphState } from './incremental';
import { normalize } from './normalize';

// The repository that this file lies in: its commits are as real as anybody's, and the first ones are the smallest.
const COMMITS = 100;

const identity = { repositoryId: '00000000-0000-7000-8000-000000000000', name: 'own', ref: 'refs/heads/main' };
const committedAt = new Date('2026-01-01T00:00:00.000Z');

async function git(...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)('git', ['-C', __dirname, ...args], { maxBuffer: 200_000_000 });
  return stdout;
}

/** The oldest commits, the first of them first. */
async function history(): Promise<string[]> {
  const commits = (await git('rev-list', '--reverse', '--first-parent', 'HEAD')).trim().split('\n').slice(0, COMMITS);
  if (commits.length >= COMMITS) return commits;
  if ((await git('rev-parse', '--is-shallow-repository')).trim() !== 'true') throw new Error(`there are only ${commits.length} commits here, and ${COMMITS} are to be replayed`);
  console.warn(`This clone is shallow: only ${commits.length} of ${COMMITS} commits are replayed. \`git fetch --unshallow\` brings the rest.`);
  return commits;
}

interface Reader { objects: CatFile; facts: Map<string, Fact> }

/** Reads a commit as a harvest does: only blobs that no commit before had. */
async function read({ objects, facts }: Reader, commit: string): Promise<FactPack> {
  const listed = await git('ls-tree', '-r', '-z', '-l', '--full-tree', commit);
  const files = listed.split('\0').slice(0, -1).map((record): ScannedFile => scan(parseTreeRecord(Buffer.from(record)), ''));
  const missing = unread(files, facts);
  let place = 0;
  for await (const content of missing.length === 0 ? [] : objects.read(missing.map(({ key }) => key.blob))) {
    const { key, text } = missing[place++] as (typeof missing)[number];
    const extractor = extractorById(key.extractor);
    if (content === null || extractor === undefined) throw new Error(`${key.blob} could not be read`);
    facts.set(text, analyseBlob(content, { extractor, pathClass: key.pathClass, search: NO_SEARCH, light: null }));
  }
  const found = findingsOf(files, facts, new Map());
  const { tier, reasons } = tierOf(files, facts);
  const text = [...factPackText({ ...identity, commit, committedAt: committedAt.toISOString(), tier, tierReasons: [...reasons, ...found.remarks], files, facts, found, languages: languageStatistics(files) })].join('');
  return JSON.parse(text) as FactPack;
}

it(`gives for each of ${COMMITS} commits the bytes that the whole gives`, async () => {
  const commits = await history();
  const gitDir = (await git('rev-parse', '--absolute-git-dir')).trim();
  const env = Object.fromEntries(Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
  const reader: Reader = { objects: openCatFile(gitDir, env), facts: new Map() };
  let state: GraphState | null = null;
  const differing: string[] = [];
  try {
    const [first = ''] = commits;
    const whole = await readCommit({ gitDir, commit: first, committedAt, ref: identity.ref, repository: { id: identity.repositoryId, name: identity.name }, search: NO_SEARCH, ruleSet: '', env, signal: new AbortController().signal });
    const { modules, manifests } = await read(reader, first);
    expect({ modules, manifests }).toEqual({ modules: whole.modules, manifests: whole.manifests });
    for (const commit of commits) {
      const facts = await read(reader, commit);
      state = state === null ? createGraphState(facts) : advance(state, facts);
      if (state.text !== canonicalJson(normalize(facts))) differing.push(commit);
    }
  } finally {
    reader.objects.close();
  }
  expect(differing).toEqual([]);
  expect(state?.graph.edges.imports.length).toBeGreaterThan(500);
}, 300_000);
