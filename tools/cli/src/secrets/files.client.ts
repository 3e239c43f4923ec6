import { closeSync, constants, existsSync, fstatSync, openSync, readdirSync, readSync, realpathSync, statSync } from 'node:fs';
import { devNull } from 'node:os';
import { dirname, join, relative, sep } from 'node:path';
import { Fault } from '@granary/faults';
import { createGit, gitEnvironment, GitError, listTree, listWorkTree, openCatFile, type TreeEntry } from '@granary/git';

/** A file to scan. */
export interface Content {
  /** Relative to the root, with `/`. */
  readonly path: string;
  readonly content: Buffer | 'too large' | 'unreadable';
}

/** Something that can be scanned: what is in it, one content after the other. */
export interface Source {
  /** Folder that paths are relative to, or the bare repository. */
  readonly root: string;
  /** The part of the root that was asked for; '' for all of it. */
  readonly prefix: string;
  /** How many contents there will be. */
  readonly count: number;
  contents(): Iterable<Content> | AsyncIterable<Content>;
}

export interface OpenOptions {
  /** Larger files are not read. */
  readonly maxBytes: number;
  /** Files that are not scanned: the baseline itself, for instance. Absolute. */
  readonly except: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
}

const GIT_FOLDER = '.git';
const TIMEOUT_MS = 600_000;

/**
 * Opens a file, a folder, a git work tree (what git tracks or does not ignore) or a bare repository (HEAD).
 * Links are not followed, and nothing outside of the root is read. Faults: `path-not-found`, `git-failed`, `git-missing`.
 */
export async function openSource(path: string, options: OpenOptions): Promise<Source> {
  const target = existing(path);
  if (!statSync(target).isDirectory()) {
    const root = workTreeOf(dirname(target)) ?? dirname(target);
    return sourceOfFiles(root, posix(relative(root, target)), [posix(relative(root, target))], { ...options, except: [] });
  }
  if (isBareRepository(target)) return openBareRepository(target, options);
  const root = workTreeOf(target);
  if (root === null) return sourceOfFiles(target, '', walk(target, ''), options);
  const prefix = posix(relative(root, target));
  const listed = await told(root, listWorkTree(createGit(environmentOf(options)), { gitDir: join(root, GIT_FOLDER), workTree: root, prefix, timeoutMs: TIMEOUT_MS, signal: options.signal }));
  // Somebody who names a folder that git ignores wants it scanned.
  return sourceOfFiles(root, prefix, listed.length === 0 && prefix !== '' ? walk(target, `${prefix}/`) : listed, options);
}

function existing(path: string): string {
  try {
    return realpathSync(path);
  } catch (cause) {
    throw Fault.permanent('path-not-found', `there is no ${path}; give the path of a file, a folder or a git repository`, { cause });
  }
}

function isBareRepository(folder: string): boolean {
  return ['HEAD', 'objects', 'refs'].every((name) => existsSync(join(folder, name))) && !existsSync(join(folder, GIT_FOLDER));
}

function workTreeOf(folder: string): string | null {
  if (existsSync(join(folder, GIT_FOLDER))) return folder;
  return dirname(folder) === folder ? null : workTreeOf(dirname(folder));
}

function walk(folder: string, prefix: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      if (entry.isFile()) return [`${prefix}${entry.name}`];
      return entry.isDirectory() && entry.name !== GIT_FOLDER ? walk(join(folder, entry.name), `${prefix}${entry.name}/`) : [];
    });
}

function sourceOfFiles(root: string, prefix: string, listed: readonly string[], { maxBytes, except }: OpenOptions): Source {
  const isInside = insideOf(root);
  const paths = listed.filter((path) => !except.includes(join(root, path)) && isInside(dirname(path)));
  return {
    root, prefix,
    count: paths.length,
    *contents() {
      for (const path of paths) {
        const content = readFile(join(root, path), maxBytes);
        if (content !== null) yield { path, content };
      }
    },
  };
}

// A tracked path may lead through a folder that has become a link to somewhere else.
function insideOf(root: string): (folder: string) => boolean {
  const known = new Map<string, boolean>();
  return (folder) => {
    const answer = known.get(folder) ?? leadsInside(root, join(root, folder));
    known.set(folder, answer);
    return answer;
  };
}

function leadsInside(root: string, folder: string): boolean {
  try {
    const real = realpathSync(folder);
    return real === root || real.startsWith(root.endsWith(sep) ? root : `${root}${sep}`);
  } catch {
    return false;
  }
}

// Synchronous, since one read after the other takes a fifth of the time of many at once: files are small and cached.
// Null for links, folders (submodules) and files that are gone.
function readFile(path: string, maxBytes: number): Content['content'] | null {
  let file: number;
  try {
    file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    return isCode(error, 'EACCES') || isCode(error, 'EPERM') ? 'unreadable' : null;
  }
  try {
    const status = fstatSync(file);
    if (!status.isFile()) return null;
    return status.size > maxBytes ? 'too large' : readWhole(file, status.size);
  } catch {
    return 'unreadable';
  } finally {
    closeSync(file);
  }
}

function readWhole(file: number, size: number): Buffer {
  const content = Buffer.allocUnsafe(size);
  let filled = 0;
  for (let read = -1; filled < size && read !== 0; filled += read) read = readSync(file, content, filled, size - filled, null);
  return content.subarray(0, filled);
}

async function openBareRepository(gitDir: string, options: OpenOptions): Promise<Source> {
  const { maxBytes, signal } = options;
  const blobs = await told(gitDir, filesOf(listTree(createGit(environmentOf(options)), 'HEAD', { gitDir, timeoutMs: TIMEOUT_MS, signal })));
  return {
    root: gitDir,
    prefix: '',
    count: blobs.length,
    async *contents() {
      for (const { path, bytes } of blobs) if (bytes > maxBytes) yield { path, content: 'too large' as const };
      const small = blobs.filter(({ bytes }) => bytes <= maxBytes);
      const objects = openCatFile(gitDir, gitEnvironment(environmentOf(options)));
      try {
        let place = 0;
        for await (const content of objects.read(small.map(({ blob }) => blob))) yield { path: small[place++]?.path ?? '', content: content ?? ('unreadable' as const) };
      } finally {
        objects.close();
      }
    },
  };
}

async function filesOf(tree: AsyncIterable<readonly TreeEntry[]>): Promise<TreeEntry[]> {
  const files: TreeEntry[] = [];
  for await (const entries of tree) files.push(...entries.filter(({ type }) => type === 'file'));
  return files;
}

const environmentOf = ({ env }: OpenOptions) => ({ inherited: Object.fromEntries(['PATH', 'HOME'].flatMap((name) => (env[name] ? [[name, env[name]]] : []))), configFile: devNull });

async function told<T>(place: string, listing: Promise<T>): Promise<T> {
  try {
    return await listing;
  } catch (error) {
    throw error instanceof GitError ? Fault.permanent('git-failed', `git could not list ${place}: ${error.message.trim().replace(/^fatal: /, '').slice(0, 500)}`, { cause: error }) : error;
  }
}

function posix(path: string): string {
  return sep === '/' ? path : path.split(sep).join('/');
}

function isCode(error: unknown, code: string): boolean {
  return (error as NodeJS.ErrnoException).code === code;
}
