import type { ProcessFacts } from '../processes/process-record';

/** Who holds a lock file: a process, told from later ones with the same id by its birth. */
export interface LockRecord {
  readonly pid: number;
  readonly birth: string;
  /** RFC 3339, for people. */
  readonly since: string;
}

export type LockState = { state: 'free' } | { state: 'held'; by: LockRecord } | { state: 'stale'; by: LockRecord | null };

/**
 * What a lock file means.
 * @param content what the file holds, null when there is none
 * @param inspect what the operating system knows about a process id now
 */
export function lockState(content: string | null, inspect: (pid: number) => ProcessFacts | null): LockState {
  if (content === null) return { state: 'free' };
  const by = parseLock(content);
  if (by === null) return { state: 'stale', by: null };
  return inspect(by.pid)?.birth === by.birth ? { state: 'held', by } : { state: 'stale', by };
}

function parseLock(content: string): LockRecord | null {
  try {
    const { pid, birth, since } = JSON.parse(content) as Record<string, unknown>;
    if (!Number.isInteger(pid) || typeof birth !== 'string' || typeof since !== 'string') return null;
    return { pid: pid as number, birth, since };
  } catch {
    return null;
  }
}

/** What to tell somebody whose start was refused. */
export function heldMessage(dataDir: string, by: LockRecord): string {
  return (
    `Granary already runs with the data folder ${dataDir}: process ${by.pid}, since ${by.since}. ` +
    `Use it as it is, stop it first (Ctrl-C in its terminal, or kill ${by.pid}), or choose another folder with GRANARY_DATA.`
  );
}
