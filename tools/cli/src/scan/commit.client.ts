import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { Fault } from '@granary/faults';

export interface OpenCommit {
  readonly gitDir: string;
  readonly commit: string;
  readonly committedAt: Date;
  /** The branch that HEAD is on, or HEAD itself. */
  readonly ref: string;
}

/** Finds the git directory of a path and the commit that is meant. Faults: permanent `path-not-found`, `not-a-repository`, `commit-not-found`, `git-missing`. */
export async function openCommit(path: string, wanted: string, env: Readonly<Record<string, string>>, signal: AbortSignal): Promise<OpenCommit> {
  if (!existsSync(path)) throw Fault.permanent('path-not-found', `there is no ${path}; give the folder of a git repository`);
  const git = (args: readonly string[]): Promise<string | null> => run(args, path, env, signal);
  const gitDir = await git(['rev-parse', '--absolute-git-dir']);
  if (gitDir === null) throw Fault.permanent('not-a-repository', `${path} is not in a git repository; run 'git init' and commit there, or give another folder`);
  // `--end-of-options` keeps a revision that begins with a dash from being an option.
  const commit = await git(['rev-parse', '--verify', '--quiet', '--end-of-options', `${wanted}^{commit}`]);
  if (commit === null) {
    const empty = wanted === 'HEAD' ? 'it has no commit yet; commit something first' : `it has no commit '${wanted}'; 'git log' shows those it has`;
    throw Fault.permanent('commit-not-found', `${path} is a git repository, but ${empty}`);
  }
  const seconds = Number(await git(['log', '-1', '--no-show-signature', '--format=%ct', commit, '--']));
  return { gitDir, commit, committedAt: new Date(seconds * 1000), ref: (wanted === 'HEAD' && (await git(['symbolic-ref', '--quiet', 'HEAD']))) || wanted };
}

// Null when git says no.
function run(args: readonly string[], cwd: string, env: Readonly<Record<string, string>>, signal: AbortSignal): Promise<string | null> {
  return new Promise((resolve, reject) => {
    execFile('git', [...args], { cwd, env, signal }, (error, stdout) => {
      if (error === null) return resolve(stdout.trim());
      if (signal.aborted) return reject(signal.reason as Error);
      if (error.code === 'ENOENT') return reject(Fault.permanent('git-missing', 'git could not be started: install git, and see that it is in PATH and that the folder can be entered', { cause: error }));
      resolve(null);
    });
  });
}
