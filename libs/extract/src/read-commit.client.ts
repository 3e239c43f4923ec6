import { devNull } from 'node:os';
import type { FactPack } from '@granary/contracts';
import { Fault } from '@granary/faults';
import { createGit, gitEnvironment, listTree, openCatFile, type CatFile, type TreeEntry } from '@granary/git';
import { analyseBlob } from './analyse-blob';
import { extractorById } from './extractors';
import { factPackText } from './fact-pack';
import type { Fact } from './facts';
import { findingsOf, type Found } from './findings';
import { languageStatistics } from './languages/languages';
import { ownGraphIn, withOwnGraph } from './own-artifacts/with-own-graph';
import { scan, tierOf, unread, type ScannedFile } from './scan';
import { NO_SEARCH, type Search } from './search';

export interface CommitToRead {
  /** The git directory that holds the commit. */
  readonly gitDir: string;
  readonly commit: string;
  /** Null for what the commit itself says. */
  readonly committedAt: Date | null;
  readonly ref: string;
  /** How the repository is called in the pack. */
  readonly repository: { readonly id: string; readonly name: string };
  readonly search: Search;
  readonly ruleSet: string;
  /** What git inherits: where it is, for the most part. */
  readonly env: Readonly<Record<string, string>>;
  /** What the commit holds, where git has been asked for it already. */
  readonly tree?: AsyncIterable<readonly TreeEntry[]>;
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal: AbortSignal;
}

/**
 * Reads one commit in this process, from its tree to its fact pack, with nothing kept: what a harvest does, for who
 * wants a graph without a platform. A blob that never ends never ends here either. Faults: permanent `repository-damaged`.
 */
export async function readCommit(to: CommitToRead): Promise<FactPack> {
  const environment = { inherited: to.env, configFile: devNull };
  const objects = openCatFile(to.gitDir, gitEnvironment(environment));
  try {
    const { gitDir, commit, signal } = to;
    const tree = to.tree ?? listTree(createGit(environment), commit, { gitDir, timeoutMs: TIMEOUT_MS, signal });
    const [committedAt, scanned] = await Promise.all([to.committedAt ?? momentOf(commit, objects), filesOf(tree, to)]);
    return await packOf(to, committedAt, scanned, objects);
  } finally {
    objects.close();
  }
}

const TIMEOUT_MS = 600_000;

// `committer <name> <address> <seconds since 1970> <zone>`; a moment that nobody can read is taken for the first one.
async function momentOf(commit: string, objects: CatFile): Promise<Date> {
  let seconds = 0;
  await objects.each([commit], (content) => {
    const head = content?.toString('latin1').split('\n\n', 1)[0] ?? '';
    seconds = Number(/^committer .*> (\d+) [+-]\d{4}$/m.exec(head)?.[1] ?? 0);
  });
  return new Date(seconds * 1000);
}

async function filesOf(tree: AsyncIterable<readonly TreeEntry[]>, { ruleSet, search }: CommitToRead): Promise<ScannedFile[]> {
  const files: ScannedFile[] = [];
  for await (const entries of tree) for (const entry of entries) files.push(scan(entry, ruleSet, search.classOf));
  return files;
}

async function packOf(to: CommitToRead, committedAt: Date, scanned: readonly ScannedFile[], objects: CatFile): Promise<FactPack> {
  const facts = new Map<string, Fact>();
  const graph = ownGraphIn(scanned);
  if (graph !== undefined) await read(to, [graph], facts, objects);
  const { files, remarks } = withOwnGraph(scanned, facts, to.ruleSet);
  await read(to, files, facts, objects);

  // Without a search, names of files are not judged either.
  const found = to.search === NO_SEARCH ? NOTHING_FOUND : findingsOf(files, facts, new Map());
  const { tier, reasons } = tierOf(files, facts);
  const { commit, ref, repository } = to;
  const text = factPackText({ repositoryId: repository.id, name: repository.name, commit, committedAt: committedAt.toISOString(), ref, tier, tierReasons: [...reasons, ...remarks, ...found.remarks], files, facts, found, languages: languageStatistics(files) });
  return JSON.parse([...text].join('')) as FactPack;
}

const NOTHING_FOUND: Found = { findings: [], aiUsage: [], remarks: [] };

// How often it is looked whether to go on.
const AT_ONCE = 500;

async function read({ gitDir, search, onProgress, signal }: CommitToRead, files: readonly ScannedFile[], facts: Map<string, Fact>, objects: CatFile): Promise<void> {
  // What is plain text to the graph is read to be searched, and for nothing else.
  const missing = unread(files, facts).filter(({ key }) => key.kind !== 'text' || search !== NO_SEARCH);
  await objects.each(missing.map(({ key }) => key.blob), (content, place) => {
    const { key, text } = missing[place] as (typeof missing)[number];
    const extractor = extractorById(key.extractor);
    if (content === null) throw Fault.permanent('repository-damaged', `${gitDir} lacks the object ${key.blob}, which the commit needs: 'git fsck' there says what else is missing. Fetch it again, or give a whole clone`);
    if (extractor === undefined) throw new Error(`there is no extractor '${key.extractor}'`);
    facts.set(text, analyseBlob(content, { extractor, pathClass: key.pathClass, search, light: null }));
    if ((place + 1) % AT_ONCE !== 0 && place + 1 !== missing.length) return;
    signal.throwIfAborted();
    onProgress?.(place + 1, missing.length);
  });
}
