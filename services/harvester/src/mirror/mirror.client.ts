import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Fault } from '@granary/faults';
import type { Logger } from '@granary/observability';
import { GitError } from '@granary/git';
import type { Git, GitOutcome } from '@granary/git';
import { GIT_CONFIGURATION } from '@granary/git';
import { gitFault } from '@granary/git';
import type { Head, Remote } from './remote.client';
import { parseChange, parseTreeRecord } from '@granary/git';
import type { Change, TreeEntry } from '@granary/git';

export interface Snapshot extends Head {
  readonly committedAt: Date;
}

/** Bare mirrors, one a repository, holding only what is harvested. A mirror is a cache: it may be deleted at any time. */
export interface Mirrors {
  /** Brings one commit, and nothing that leads to it, into the mirror. Throws Faults that say what to do. */
  fetch(repositoryId: string, remote: Remote, head: Head, signal: AbortSignal): Promise<Snapshot>;
  /** Every path of a commit in git's order, or only those named, in chunks. A tree that was made by hand may name a path twice. */
  tree(repositoryId: string, commit: string, signal: AbortSignal, paths?: readonly string[]): AsyncGenerator<TreeEntry[]>;
  /** Paths that differ between two commits, in chunks; both must be in the mirror. */
  changes(repositoryId: string, base: string, commit: string, signal: AbortSignal): AsyncGenerator<Change[]>;
  /** Whether a commit is in the mirror. */
  has(repositoryId: string, commit: string, signal: AbortSignal): Promise<boolean>;
  /** Keeps the commit that is about to be harvested, so that the next one can be compared with it. */
  keep(repositoryId: string, commit: string): Promise<void>;
  remove(repositoryId: string): Promise<void>;
  /** Whether there is a mirror, whatever is in it. */
  exists(repositoryId: string): Promise<boolean>;
  gitDir(repositoryId: string): string;
}

export interface MirrorOptions {
  readonly git: Git;
  /** Folder of all mirrors. */
  readonly folder: string;
  readonly fetchTimeoutMs: number;
  readonly log: Logger;
}

const HEAD = 'refs/granary/head';
const HARVESTED = 'refs/granary/harvested';
const LOCAL_MS = 120_000;
// Each fetch leaves a pack, and what the newest commits do not need any more stays in it until all are packed anew.
const MOST_PACKS = 20;

/** Writes the configuration that every git process of the harvester reads, and answers its path. */
export async function prepareGitConfiguration(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  const path = join(folder, 'gitconfig');
  await writeFile(path, GIT_CONFIGURATION);
  return path;
}

export function createMirrors({ git, folder, fetchTimeoutMs, log }: MirrorOptions): Mirrors {
  const gitDir = (repositoryId: string): string => join(folder, `${repositoryId}.git`);
  const remove = (repositoryId: string): Promise<void> => rm(gitDir(repositoryId), { recursive: true, force: true, maxRetries: 3 });
  const local = async (repositoryId: string, args: readonly string[], signal?: AbortSignal): Promise<GitOutcome> =>
    git.run(args, { gitDir: gitDir(repositoryId), timeoutMs: LOCAL_MS, signal });

  const init = async (repositoryId: string, { commit }: Head, signal: AbortSignal): Promise<void> => {
    if (await exists(join(gitDir(repositoryId), 'HEAD'))) return;
    await mkdir(gitDir(repositoryId), { recursive: true });
    const format = commit.length === 64 ? 'sha256' : 'sha1';
    mustSucceed(await local(repositoryId, ['init', '--quiet', '--bare', '--template=', `--object-format=${format}`], signal), gitDir(repositoryId));
    mustSucceed(await local(repositoryId, ['symbolic-ref', 'HEAD', HEAD], signal), gitDir(repositoryId));
  };

  // Before a fetch nobody else is at work in a mirror, so nothing that is not kept yet can be taken for garbage.
  const shrink = async (repositoryId: string, signal: AbortSignal): Promise<void> => {
    const names = await readdir(join(gitDir(repositoryId), 'objects', 'pack')).catch(() => []);
    if (names.filter((name) => name.endsWith('.pack')).length < MOST_PACKS) return;
    mustSucceed(await local(repositoryId, ['gc', '--quiet', '--prune=now'], signal), gitDir(repositoryId));
  };

  const fetchInto = async (repositoryId: string, remote: Remote, head: Head, signal: AbortSignal): Promise<Snapshot> => {
    await init(repositoryId, head, signal);
    await shrink(repositoryId, signal);
    const call = { gitDir: gitDir(repositoryId), timeoutMs: fetchTimeoutMs, signal, remote };
    const shallow = await git.run(fetchArguments(remote, head, ['--update-shallow', '--depth=1']), call);
    const fetched = isTooSimple(shallow) ? await git.run(fetchArguments(remote, head, []), call) : shallow;
    mustSucceed(fetched, gitDir(repositoryId), remote.location);
    const told = mustSucceed(await local(repositoryId, ['log', '-1', '--no-show-signature', '--format=%H %ct', HEAD, '--'], signal), gitDir(repositoryId));
    const [commit = '', seconds = '0'] = told.trim().split(' ');
    return { ref: head.ref, commit, committedAt: dateOf(Number(seconds)) };
  };

  return {
    gitDir,
    remove,
    exists: (repositoryId) => exists(join(gitDir(repositoryId), 'HEAD')),
    async fetch(repositoryId, remote, head, signal) {
      try {
        return await fetchInto(repositoryId, remote, head, signal);
      } catch (error) {
        await removeLeftovers(gitDir(repositoryId));
        signal.throwIfAborted();
        if (!(error instanceof MirrorFailure)) throw error;
        // A lock or half a pack that a killed git left behind. The mirror holds nothing that the remote does not.
        log.warn({ repositoryId, err: error.fault }, 'the mirror could not be used and is made anew');
        await remove(repositoryId);
        return await fetchInto(repositoryId, remote, head, signal).catch((again: unknown) => Promise.reject(again instanceof MirrorFailure ? again.fault : again));
      }
    },
    async *tree(repositoryId, commit, signal, paths = []) {
      const records = git.records(['ls-tree', '-r', '-z', '-l', '--full-tree', commit, '--', ...paths], { gitDir: gitDir(repositoryId), timeoutMs: LOCAL_MS, signal });
      for await (const chunk of told(records, gitDir(repositoryId))) yield chunk.map(parseTreeRecord);
    },
    async *changes(repositoryId, base, commit, signal) {
      const records = git.records(['diff-tree', '-r', '-z', '--raw', '--no-renames', '--full-index', base, commit], { gitDir: gitDir(repositoryId), timeoutMs: LOCAL_MS, signal });
      let head: Buffer | null = null;
      for await (const chunk of told(records, gitDir(repositoryId))) {
        const changes: Change[] = [];
        for (const record of chunk) {
          if (head) changes.push(parseChange(head, record));
          head = head ? null : record;
        }
        yield changes;
      }
    },
    async has(repositoryId, commit, signal) {
      return (await local(repositoryId, ['cat-file', '-e', `${commit}^{tree}`], signal)).state === 'done';
    },
    async keep(repositoryId, commit) {
      mustSucceed(await local(repositoryId, ['update-ref', HARVESTED, commit]), gitDir(repositoryId));
    },
  };
}

/**
 * Only the newest commit is fetched: a harvest reads one tree, and comparing it with the last needs only that one,
 * which `keep` holds. So a mirror's size follows the tree, not the history.
 */
function fetchArguments({ location }: Remote, { ref }: Head, depth: readonly string[]): string[] {
  const quiet = ['--quiet', '--no-tags', '--no-write-fetch-head', '--no-auto-maintenance', '--no-recurse-submodules'];
  return ['fetch', ...quiet, '--force', ...depth, '--', location, `+${ref}:${HEAD}`];
}

/** Plain web servers only hand out files and have no shallow fetches. */
const isTooSimple = (outcome: GitOutcome): boolean => outcome.state === 'failed' && outcome.stderr.includes('does not support shallow');

/** Something is wrong with the mirror itself, not with the remote. */
class MirrorFailure extends Error {
  constructor(readonly fault: Error) {
    super(fault.message);
  }
}

/** The output of a git that succeeded; what went wrong in the mirror becomes a `MirrorFailure`, what the remote refused its Fault. */
function mustSucceed(outcome: GitOutcome, mirror: string, location = mirror): string {
  if (outcome.state === 'done') return outcome.stdout;
  if (location !== mirror && DAMAGED.test(outcome.stderr)) throw new MirrorFailure(damaged(location, outcome.stderr));
  const fault = gitFault(outcome, location);
  const here = location === mirror || outcome.stderr.includes(mirror) || fault.code === 'git-failed';
  throw here && fault.code !== 'disk-full' ? new MirrorFailure(fault) : fault;
}

// What git says of a remote that names objects and cannot hand them out; a mirror that has lost some says the same, so it is made anew first.
const DAMAGED = /not our ref [0-9a-f]{40}|Unable to find [0-9a-f]{40}|Cannot obtain needed \w+ [0-9a-f]{40}|did not send all necessary objects/;

function damaged(location: string, stderr: string): Fault {
  const detail = DAMAGED.exec(stderr)?.[0];
  return Fault.permanent('repository-damaged', `${location} lacks objects that its newest commit needs (${detail}): 'git fsck' there says which. Fetch or push them again, or give the address of a whole clone, and ask for the harvest again`);
}

async function* told<T>(records: AsyncGenerator<T>, location: string): AsyncGenerator<T> {
  try {
    yield* records;
  } catch (error) {
    throw error instanceof GitError ? gitFault(error.failure, location) : error;
  }
}

/** Removes what an unfinished fetch leaves behind: half a pack each time, until the disk is full. */
async function removeLeftovers(mirror: string): Promise<void> {
  const packs = join(mirror, 'objects', 'pack');
  const names = await readdir(packs).catch(() => []);
  for (const name of names) if (name.startsWith('tmp_')) await rm(join(packs, name), { force: true });
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

// Commits carry whatever their author's clock said, or what somebody made up.
const LATEST = Date.UTC(9999, 11, 31);
const dateOf = (seconds: number): Date => new Date(Number.isFinite(seconds) ? Math.min(Math.max(seconds * 1000, 0), LATEST) : 0);
