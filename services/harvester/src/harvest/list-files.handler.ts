import { scan } from '@granary/extract';
import type { ScannedFile } from '@granary/extract';
import type { Change } from '@granary/git';
import type { Mirrors } from '../mirror/mirror.client';
import { inTurns } from './in-turns';
import type { KnownSnapshot } from './known';
import { canBeAsked, follow, isPlain, withoutDoubles } from './snapshot';

/** What is to be listed, and what it is compared with. */
export interface ToList {
  readonly repositoryId: string;
  readonly commit: string;
  /** The commit harvested last. */
  readonly base: string | null;
  readonly ruleSet: string;
  /** What is known of that commit. */
  readonly known: KnownSnapshot | null;
}

export interface Listed {
  readonly files: readonly ScannedFile[];
  /** Null on the first harvest, and when the mirror was made anew since the last. */
  readonly changes: readonly Change[] | null;
  /** Whether the files of the next commit can be told from these and what differs. */
  readonly canBeFollowed: boolean;
}

/** Lists the files of a commit: those of the commit before with what differs, or all of them when that one is not known. */
export async function listFiles(mirrors: Mirrors, to: ToList, signal: AbortSignal): Promise<Listed> {
  const followed = to.known === null ? null : await followKnown(mirrors, to, to.known, signal);
  if (followed !== null) return followed;
  const [all, changes] = await Promise.all([listAll(mirrors, to, signal), changesSince(mirrors, to, signal)]);
  const files = withoutDoubles(all);
  return { files, changes, canBeFollowed: files === all && isPlain(files) };
}

// What fits well into the arguments of one command.
const ASKED = { paths: 500, length: 64_000 };

async function followKnown(mirrors: Mirrors, { repositoryId, commit, ruleSet }: ToList, known: KnownSnapshot, signal: AbortSignal): Promise<Listed | null> {
  const changes = await collect(mirrors.changes(repositoryId, known.commit, commit, signal)).catch(() => null);
  signal.throwIfAborted();
  // A mirror that was made anew does not have the commit before.
  if (changes === null || !canBeAsked(changes, ASKED)) return null;
  const paths = changes.flatMap(({ path, status }) => (status === 'removed' ? [] : [path]));
  const present = paths.length === 0 ? [] : await collect(mirrors.tree(repositoryId, commit, signal, paths));
  const files = follow(known.files, changes, present.map((entry) => scan(entry, ruleSet)));
  return files && { files, changes, canBeFollowed: isPlain(files) };
}

async function listAll(mirrors: Mirrors, { repositoryId, commit, ruleSet }: ToList, signal: AbortSignal): Promise<ScannedFile[]> {
  const files: ScannedFile[] = [];
  for await (const entries of mirrors.tree(repositoryId, commit, signal)) await inTurns(entries, (entry) => files.push(scan(entry, ruleSet)));
  return files;
}

async function changesSince(mirrors: Mirrors, { repositoryId, base, commit }: ToList, signal: AbortSignal): Promise<Change[] | null> {
  if (base === null || !(await mirrors.has(repositoryId, base, signal))) return null;
  return base === commit ? [] : collect(mirrors.changes(repositoryId, base, commit, signal));
}

async function collect<T>(chunks: AsyncGenerator<readonly T[]>): Promise<T[]> {
  const all: T[] = [];
  for await (const chunk of chunks) for (const one of chunk) all.push(one);
  return all;
}
