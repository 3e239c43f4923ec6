/** How often, and what is done after a failure. */
export interface Schedule {
  /** From the moment of one backup to that of the next. */
  readonly everyMs: number;
  /** After the start of a platform that has no backup yet. */
  readonly firstMs: number;
  /** After a failure. */
  readonly retryMs: number;
}

export interface Known {
  readonly now: Date;
  /** When this process began to look. */
  readonly since: Date;
  readonly backups: readonly { readonly name: string; readonly createdAt: Date; readonly verifiedAt: Date | null }[];
  readonly runs: readonly { readonly kind: 'create' | 'verify'; readonly backup: string | null; readonly state: string; readonly endedAt: Date | null }[];
}

export type Due = { readonly kind: 'create'; readonly backup: null } | { readonly kind: 'verify'; readonly backup: string };

/** What is to be done now, if nothing waits or runs: a backup that is due, or the proof of the newest one, which it still lacks. */
export function due({ now, since, backups, runs }: Known, { everyMs, firstMs, retryMs }: Schedule): Due | null {
  if (runs.some(({ state }) => state === 'waiting' || state === 'running')) return null;
  const age = (at: Date) => now.getTime() - at.getTime();
  const failed = (kind: 'create' | 'verify', backup: string | null) => runs.some((run) => run.kind === kind && (backup === null || run.backup === backup) && run.state === 'failed' && run.endedAt !== null && age(run.endedAt) < retryMs);
  const newest = backups.toSorted((a, b) => b.createdAt.getTime() - a.createdAt.getTime())[0];
  if (newest !== undefined && newest.verifiedAt === null && !failed('verify', newest.name)) return { kind: 'verify', backup: newest.name };
  const isDue = newest === undefined ? age(since) >= firstMs : age(newest.createdAt) >= everyMs;
  return isDue && !failed('create', null) ? { kind: 'create', backup: null } : null;
}

/** Seconds since a backup was last restored and found to be right; infinite when none ever was. */
export function verifiedAge({ now, verified }: { readonly now: Date; readonly verified: readonly Date[] }): number {
  return (now.getTime() - Math.max(-Infinity, ...verified.map((at) => at.getTime()))) / 1_000;
}
