import { existsSync } from 'node:fs';
import { Fault } from '@granary/faults';
import type { Git } from '@granary/git';

export interface OpenCommit {
  readonly gitDir: string;
  readonly commit: string;
  /** The branch that HEAD is on, or what was asked for. */
  readonly ref: string;
}

const TIMEOUT_MS = 60_000;

/** Finds the git directory of a path and the commit that is meant. Faults: permanent `path-not-found`, `not-a-repository`, `commit-not-found`, `git-missing`. */
export async function openCommit(git: Git, path: string, wanted: string, signal: AbortSignal): Promise<OpenCommit> {
  if (!existsSync(path)) throw Fault.permanent('path-not-found', `there is no ${path}; give the folder of a git repository`);
  const ask = async (...words: string[]): Promise<string[] | null> => {
    const outcome = await git.run(['-C', path, '-c', 'safe.directory=*', 'rev-parse', '--absolute-git-dir', ...words], { timeoutMs: TIMEOUT_MS, signal });
    return outcome.state === 'done' ? outcome.stdout.replace(/\n$/, '').split('\n') : null;
  };
  // All in one process, since starting one takes longer than finding the answers. No revision begins with a dash.
  const answers = wanted.startsWith('-') ? null : await ask(`${wanted}^{commit}`, ...(wanted === 'HEAD' ? ['--symbolic-full-name', 'HEAD'] : []));
  const ref = wanted === 'HEAD' ? (answers?.pop() ?? wanted) : wanted;
  const commit = answers?.pop() ?? '';
  if (answers !== null && /^[0-9a-f]{40,64}$/.test(commit)) return { gitDir: answers.join('\n'), commit, ref };
  if ((await ask()) === null) throw Fault.permanent('not-a-repository', `${path} is not in a git repository; run 'git init' and commit there, or give another folder`);
  const empty = wanted === 'HEAD' ? 'it has no commit yet; commit something first' : `it has no commit '${wanted}'; 'git log' shows those it has`;
  throw Fault.permanent('commit-not-found', `${path} is a git repository, but ${empty}`);
}
