import { Fault } from '@granary/faults';
import { redactText } from '@granary/observability';

/** How a git process ended without success. */
export interface GitFailure {
  readonly state: 'failed';
  /** Null when it was killed. */
  readonly exitCode: number | null;
  readonly stderr: string;
  /** Set when it was killed because its time was over. */
  readonly timedOutMs: number | null;
}

type Told = readonly [pattern: RegExp, tell: (location: string, detail: string) => Fault];

// Git has no error codes; its messages (LC_ALL=C) have been stable for many years.
const TOLD: readonly Told[] = [
  [/No space left on device|Disk quota exceeded|File too large/, (at, detail) => Fault.transient('disk-full', `no disk space is left to mirror ${at} (${detail}): free some space, or move GRANARY_DATA to a larger disk`)],
  [
    /possible repository corruption|unable to read [0-9a-f]{40}|missing blob object/,
    (at, detail) => Fault.permanent('repository-damaged', `${at} lacks objects that its newest commit needs (${detail}): 'git fsck' there says which; of a partial clone, give the address that it was cloned from`),
  ],
  [/transport '[^']*' not allowed|remote helper|protocol "?\w+"? (?:is )?(?:not supported|disabled)/i, (at) => Fault.permanent('bad-location', `${at} needs a transport that is not allowed; only file, https, http, ssh and git are`)],
  [/Host key verification failed/, (at) => Fault.permanent('host-key-unknown', `ssh does not know the host key of ${at}: connect once by hand as the user that runs the harvester (ssh -T <host>), check the key, and try again`)],
  [
    /Authentication failed|could not read (?:Username|Password)|Permission denied|HTTP Basic: Access denied|requested URL returned error: (?:401|403)|No such identity/,
    (at, detail) => Fault.permanent('authentication-failed', `${at} refuses the service (${detail}): for https give an address with a token (https://user:token@host/path), for ssh a key that the service can use without a password`),
  ],
  [/unable to update url base from redirection|requested URL returned error: 30\d/, (at, detail) => Fault.permanent('bad-location', `${at} leads to another address, and those are not followed (${detail}): give the address that it leads to`)],
  [/couldn't find remote ref|Remote branch .* not found/, (at, detail) => Fault.permanent('branch-not-found', `the branch is not in ${at} (${detail}): remove the repository and add it with a branch that exists`)],
  [
    /Could not resolve host|Name or service not known|Temporary failure in name resolution|Connection (?:refused|reset|timed out|closed)|Failed to connect|Couldn't connect|Network is unreachable|No route to host|Operation timed out|timed out|SSL|TLS|early EOF|hung up|requested URL returned error: 5\d\d|unable to connect/i,
    (at, detail) => Fault.transient('remote-unreachable', `${at} cannot be reached (${detail}): check the address, the network and whether the server is up`),
  ],
  [
    /does not appear to be a git repository|repository .* not found|not a git repository|requested URL returned error: 404|Repository not found|not valid: is this a git repository|protocol error: |Could not read from remote repository/i,
    (at, detail) => Fault.permanent('not-a-repository', `${at} is not a git repository, or the service may not see it (${detail}): pass the folder that contains .git, or the address that 'git clone' takes`),
  ],
  [/dubious ownership/, (at) => Fault.permanent('not-a-repository', `${at} belongs to another user and git refuses it: let the user that runs the harvester own it, or pass its remote's address`)],
];

/** Says in one message what went wrong with a repository, why, and what to do. */
export function gitFault(failure: GitFailure, location: string): Fault {
  if (failure.timedOutMs !== null) return Fault.transient('remote-unreachable', `git got no answer from ${location} within ${Math.round(failure.timedOutMs / 1000)} s: check the network, or whether the repository is very large`);
  const detail = telling(failure.stderr);
  const told = TOLD.find(([pattern]) => pattern.test(failure.stderr));
  if (told) return told[1](location, detail);
  return Fault.transient('git-failed', `git failed on ${location}${failure.exitCode === null ? '' : ` with exit code ${failure.exitCode}`} (${detail}): try 'git ls-remote' with it as the user that runs the harvester`);
}

/** The line of git's output that says most, without git's prefixes. */
function telling(stderr: string): string {
  const lines = stderr.split('\n').filter((line) => line.trim() !== '');
  // What the other side says explains what git says here.
  const line = lines.find((candidate) => /^remote: (?:fatal|error):/.test(candidate)) ?? lines.find((candidate) => /^(?:fatal|error|ssh):/.test(candidate)) ?? lines.at(-1) ?? 'no message';
  return redactText(line.replace(/^(?:remote: )?(?:fatal|error|warning): /, '').trim()).slice(0, 300);
}
