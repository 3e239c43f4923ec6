import { stat } from 'node:fs/promises';
import { Fault } from '@granary/faults';
import type { Git } from '@granary/git';
import { checkBranch, gitFault } from '@granary/git';
import type { Credentials, Transport } from '@granary/git';

/** What git needs to know of a repository elsewhere. */
export interface Remote {
  readonly location: string;
  readonly transport: Transport;
  readonly credentials: Credentials | null;
  /** The branch to follow; null is the default branch. */
  readonly branch: string | null;
}

export interface Head {
  /** `refs/heads/…`, or `HEAD` when the default branch is detached. */
  readonly ref: string;
  readonly commit: string;
}

interface CallOptions {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

export interface Remotes {
  /** Asks a repository for its newest commit, without fetching. Throws Faults that say what to do. */
  head(remote: Remote, options: CallOptions): Promise<Head>;
}

export function createRemotes({ git }: { git: Git }): Remotes {
  const ask = async (remote: Remote, show: readonly string[], patterns: readonly string[], options: CallOptions): Promise<string> => {
    const outcome = await git.run(['ls-remote', ...show, '--', remote.location, ...patterns], { ...options, remote });
    if (outcome.state === 'failed') throw gitFault(outcome, remote.location);
    return outcome.stdout;
  };
  return {
    async head(remote, options) {
      if (remote.transport === 'file') await refuseMissing(remote.location);
      const wanted = remote.branch === null ? 'HEAD' : `refs/heads/${remote.branch}`;
      const head = readHead(await ask(remote, ['--symref'], [wanted], options), wanted);
      return head ?? Promise.reject(noCommit(remote, await ask(remote, ['--heads', '--tags'], [], options)));
    },
  };
}

/** Reads the output of `git ls-remote --symref -- <location> <wanted>`; null when there is no such commit. */
export function readHead(output: string, wanted: string): Head | null {
  const lines = output.split('\n').map((line) => line.split('\t'));
  const target = lines.find(([first, name]) => name === wanted && first?.startsWith('ref: '))?.[0]?.slice('ref: '.length);
  const commit = lines.find(([first, name]) => name === wanted && /^[0-9a-f]{40,64}$/.test(first ?? ''))?.[0];
  return commit === undefined ? null : { ref: target !== undefined && isBranch(target) ? target : wanted, commit };
}

// A server may call its default branch whatever it likes, and git hands that on as it is: a pattern, say, or half a refspec.
function isBranch(ref: string): boolean {
  try {
    return ref === `refs/heads/${checkBranch(ref)}`;
  } catch {
    return false;
  }
}

function noCommit({ location, branch }: Remote, output: string): Fault {
  const branches = output.split('\n').flatMap((line) => /\trefs\/heads\/(.*)$/.exec(line)?.[1] ?? []);
  if (branches.length === 0 && output.includes('\trefs/tags/')) return Fault.permanent('empty-repository', `${location} only has tags and no branch that could be followed: push a branch, then add it again`);
  if (branches.length === 0) return Fault.permanent('empty-repository', `${location} has no commits yet: commit and push something, then add it again`);
  const known = branches.slice(0, 5).join(', ') + (branches.length > 5 ? ` and ${branches.length - 5} more` : '');
  return Fault.permanent('branch-not-found', `${location} has no commit on ${branch ?? 'its default branch'}; its branches are ${known}. Add it with one of these`);
}

async function refuseMissing(path: string): Promise<void> {
  try {
    await stat(path);
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    const why = code === 'ENOENT' || code === 'ENOTDIR' ? 'does not exist' : `cannot be read by the harvester (${message})`;
    throw Fault.permanent('not-a-repository', `${path} ${why}: pass the absolute path of a folder that contains .git, on the machine where the harvester runs`, { cause: error });
  }
}
