import { once } from 'node:events';
import { spawn } from 'node:child_process';
import type { FactPack } from '@granary/contracts';
import { openCatFile, parseTreeRecord } from '@granary/git';
import { analyseBlob } from './analyse-blob';
import { extractorById } from './extractors';
import { factPackText } from './fact-pack';
import type { Fact } from './facts';
import { findingsOf, type Found } from './findings';
import { languageStatistics } from './languages/languages';
import { acceptOwn, isModuleGraph } from './own-artifacts/accept';
import type { OwnArtifactFact } from './own-artifacts/own-artifacts';
import { scan, tierOf, unread, withOwn, type ScannedFile } from './scan';
import { NO_SEARCH, type Search } from './search';

export interface CommitToRead {
  /** The git directory that holds the commit. */
  readonly gitDir: string;
  readonly commit: string;
  readonly committedAt: Date;
  readonly ref: string;
  /** How the repository is called in the pack. */
  readonly repository: { readonly id: string; readonly name: string };
  readonly search: Search;
  readonly ruleSet: string;
  /** The environment of git. */
  readonly env: Readonly<Record<string, string>>;
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal: AbortSignal;
}

/**
 * Reads one commit in this process, from its tree to its fact pack, with nothing kept: what a harvest does, for who
 * wants a graph without a platform. A blob that never ends never ends here either.
 */
export async function readCommit(to: CommitToRead): Promise<FactPack> {
  const scanned = await filesOf(to);
  const facts = new Map<string, Fact>();
  const graph = scanned.find(({ wants }) => wants !== null && isModuleGraph(wants.key));
  if (graph !== undefined) await read(to, [graph], facts);
  const { files, remarks } = withOwnGraph(scanned, graph, facts, to.ruleSet);
  await read(to, files, facts);

  // Without a search, names of files are not judged either.
  const found = to.search === NO_SEARCH ? NOTHING_FOUND : findingsOf(files, facts, new Map());
  const { tier, reasons } = tierOf(files, facts);
  const { commit, committedAt, ref, repository } = to;
  const text = factPackText({ repositoryId: repository.id, name: repository.name, commit, committedAt: committedAt.toISOString(), ref, tier, tierReasons: [...reasons, ...remarks, ...found.remarks], files, facts, found, languages: languageStatistics(files) });
  return JSON.parse([...text].join('')) as FactPack;
}

const NOTHING_FOUND: Found = { findings: [], aiUsage: [], remarks: [] };

async function filesOf({ gitDir, commit, env, ruleSet, signal }: CommitToRead): Promise<ScannedFile[]> {
  const git = spawn('git', [`--git-dir=${gitDir}`, 'ls-tree', '-r', '-z', '-l', '--full-tree', commit], { cwd: '/', env, signal, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = once(git, 'close') as Promise<[number | null]>;
  const chunks: Buffer[] = [];
  const words: Buffer[] = [];
  git.stderr.on('data', (chunk: Buffer) => words.push(chunk));
  for await (const chunk of git.stdout as AsyncIterable<Buffer>) chunks.push(chunk);
  const [code] = await ended;
  if (code !== 0) throw new Error(`git ls-tree failed: ${Buffer.concat(words).toString('utf8').trim().slice(0, 500)}`);
  const output = Buffer.concat(chunks);
  const files: ScannedFile[] = [];
  for (let at = 0, end = output.indexOf(0); end !== -1; at = end + 1, end = output.indexOf(0, at)) files.push(scan(parseTreeRecord(output.subarray(at, end)), ruleSet));
  return files;
}

const AT_ONCE = 500;

async function read({ gitDir, env, search, onProgress, signal }: CommitToRead, files: readonly ScannedFile[], facts: Map<string, Fact>): Promise<void> {
  // What is plain text to the graph is read to be searched, and for nothing else.
  const missing = unread(files, facts).filter(({ key }) => key.kind !== 'text' || search !== NO_SEARCH);
  const objects = openCatFile(gitDir, env);
  try {
    for (let start = 0; start < missing.length; start += AT_ONCE) {
      signal.throwIfAborted();
      const units = missing.slice(start, start + AT_ONCE);
      let at = 0;
      for await (const content of objects.read(units.map(({ key }) => key.blob))) {
        const { key, text } = units[at] as (typeof units)[number];
        at += 1;
        const extractor = extractorById(key.extractor);
        if (content === null || extractor === undefined) throw new Error(`${key.blob} is not in the repository`);
        facts.set(text, analyseBlob(content, { extractor, pathClass: key.pathClass, search, light: null }));
      }
      onProgress?.(start + units.length, missing.length);
    }
  } finally {
    objects.close();
  }
}

function withOwnGraph(scanned: readonly ScannedFile[], graph: ScannedFile | undefined, facts: ReadonlyMap<string, Fact>, ruleSet: string): { files: readonly ScannedFile[]; remarks: readonly string[] } {
  const fact = graph?.wants == null ? undefined : facts.get(graph.wants.text);
  if (graph === undefined || fact?.state !== 'analysed') return { files: scanned, remarks: [] };
  const { modules, remarks } = acceptOwn(graph.path, JSON.parse(fact.body) as OwnArtifactFact, scanned);
  const files = scanned.map((file) => {
    const own = modules.get(file.path);
    return own === undefined ? file : withOwn(file, own, ruleSet);
  });
  return { files, remarks };
}
