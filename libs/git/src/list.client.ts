import { devNull } from 'node:os';
import type { Git, GitCall } from './git.client';
import { parseTreeRecord, type TreeEntry } from './tree';

type Call = Omit<GitCall, 'remote' | 'gitDir'> & { readonly gitDir: string };

/** Lists what a commit holds, in git's order, in chunks as they come. Git starts at once, so the list has to be read. Throws `GitError`. */
export function listTree(git: Git, commit: string, call: Call): AsyncGenerator<TreeEntry[]> {
  return entriesOf(git.records(['ls-tree', '-r', '-z', '-l', '--full-tree', commit], call));
}

async function* entriesOf(chunks: AsyncGenerator<Buffer[]>): AsyncGenerator<TreeEntry[]> {
  for await (const records of chunks) yield records.map(parseTreeRecord);
}

// A work tree's own configuration counts for what reads its index, and could name programs and lists of its user.
const PLAIN = ['core.fsmonitor=false', `core.hooksPath=${devNull}`, 'core.untrackedCache=false', `core.attributesFile=${devNull}`, `core.excludesFile=${devNull}`];

/** The paths below `prefix` that git tracks, or does not ignore; relative to the work tree. Throws `GitError`. */
export async function listWorkTree(git: Git, { workTree, prefix, ...call }: Call & { readonly workTree: string; readonly prefix: string }): Promise<string[]> {
  const settings = PLAIN.flatMap((setting) => ['-c', setting]);
  const paths: string[] = [];
  // The folder is entered by git, since a pathspec counts from it.
  for await (const records of git.records([`--work-tree=${workTree}`, '-C', workTree, ...settings, 'ls-files', '-z', '--cached', '--others', '--exclude-standard', '--deduplicate', '--', prefix === '' ? '.' : prefix], call)) {
    for (const record of records) paths.push(record.toString('utf8'));
  }
  // A repository inside of it is listed as a folder.
  return paths.filter((path) => !path.endsWith('/'));
}
