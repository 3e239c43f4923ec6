import { spawn } from 'node:child_process';
import { devNull } from 'node:os';
import { buffer } from 'node:stream/consumers';
import { Fault } from '@granary/faults';

/** How a repository is reached: its git directory, and its work tree unless it is bare. */
export interface GitPlace {
  readonly gitDir: string;
  readonly workTree: string | null;
}

export interface GitBlob {
  readonly path: string;
  readonly id: string;
  /** Bytes. */
  readonly size: number;
}

// Whatever a repository's own configuration says, nothing of it is run: no hooks, no file system monitor.
const SAFE = ['core.fsmonitor=false', `core.hooksPath=${devNull}`, 'core.untrackedCache=false', `core.attributesFile=${devNull}`, `core.excludesFile=${devNull}`, 'safe.directory=*'];

/** Paths under `prefix` that git tracks, or does not ignore; relative to the work tree. */
export async function listWorkTree(place: GitPlace, prefix: string, env: Readonly<Record<string, string | undefined>>, signal: AbortSignal): Promise<string[]> {
  const output = await git(place, ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--deduplicate', '--', prefix === '' ? '.' : prefix], env, signal);
  return output.toString('utf8').split('\0').filter((path) => path !== '' && !path.endsWith('/'));
}

/** The files of HEAD, without links and submodules. */
export async function listHead(place: GitPlace, env: Readonly<Record<string, string | undefined>>, signal: AbortSignal): Promise<GitBlob[]> {
  const output = await git(place, ['ls-tree', '-r', '-z', '-l', '--full-tree', 'HEAD'], env, signal);
  return output.toString('utf8').split('\0').flatMap((entry) => {
    const [, id, size, path] = /^100\d{3} blob ([0-9a-f]{40,64}) +(\d+)\t([^]+)$/.exec(entry) ?? [];
    return id && size && path ? [{ id, path, size: Number(size) }] : [];
  });
}

/** The contents of blobs, in their order; null for one that the repository does not hold. Together they should fit in memory. */
export async function readBlobs(place: GitPlace, ids: readonly string[], env: Readonly<Record<string, string | undefined>>, signal: AbortSignal): Promise<(Buffer | null)[]> {
  const output = await git(place, ['cat-file', '--batch'], env, signal, `${ids.join('\n')}\n`);
  let at = 0;
  return ids.map(() => {
    const end = output.indexOf(0x0a, at);
    const [, type, size] = output.toString('latin1', at, end).split(' ');
    at = end + 1;
    if (type !== 'blob') return null;
    const content = output.subarray(at, at + Number(size));
    at += Number(size) + 1;
    return content;
  });
}

async function git({ gitDir, workTree }: GitPlace, args: readonly string[], env: Readonly<Record<string, string | undefined>>, signal: AbortSignal, input = ''): Promise<Buffer> {
  const child = spawn('git', [...SAFE.flatMap((setting) => ['-c', setting]), ...args], { env: environment(gitDir, workTree, env), cwd: workTree ?? gitDir, signal, stdio: ['pipe', 'pipe', 'pipe'] });
  // A git that fails early closes its input; the exit code says why.
  child.stdin.on('error', () => undefined).end(input);
  const ended = new Promise<number | null>((resolve, reject) => child.on('close', resolve).on('error', reject));
  try {
    const [code, output, complaint] = await Promise.all([ended, buffer(child.stdout), buffer(child.stderr)]);
    if (code === 0) return output;
    throw Fault.permanent('git-failed', `git ${args[0]} failed in ${workTree ?? gitDir}: ${complaint.toString('utf8').trim().slice(0, 500) || `exit code ${code}`}`);
  } catch (cause) {
    if (isMissing(cause)) throw Fault.permanent('git-missing', 'git is not installed, and a repository is read with it; install git, or scan a copy of the files outside of a repository', { cause });
    throw cause;
  }
}

function environment(gitDir: string, workTree: string | null, { PATH, HOME }: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return {
    ...(PATH ? { PATH } : {}), ...(HOME ? { HOME } : {}),
    GIT_DIR: gitDir, ...(workTree === null ? {} : { GIT_WORK_TREE: workTree }),
    LC_ALL: 'C', GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: devNull, GIT_ATTR_NOSYSTEM: '1', GIT_TERMINAL_PROMPT: '0', GIT_OPTIONAL_LOCKS: '0', GIT_NO_LAZY_FETCH: '1', GIT_NO_REPLACE_OBJECTS: '1',
    GIT_LITERAL_PATHSPECS: '1', GIT_ALLOW_PROTOCOL: 'none',
  };
}

function isMissing(error: unknown): boolean {
  const { code, syscall } = error as NodeJS.ErrnoException;
  return code === 'ENOENT' && syscall?.startsWith('spawn') === true;
}
