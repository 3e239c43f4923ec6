import type { ApiKey } from '@granary/contracts';

/** What is known of an API key's use. */
export interface Use {
  readonly lastUsedAt: Date | null;
  readonly useToldAt: Date | null;
}

const MINUTE = 60_000;
const DAY = 86_400_000;

/** Whether a moment is worth writing down again: the first, and then once a minute. */
export function isStale(at: Date | null, now: Date): boolean {
  return at === null || now.getTime() - at.getTime() >= MINUTE;
}

/** Whether a use is announced: the first one, and then one a day. */
export function whatToTell({ useToldAt }: Use, now: Date): 'first' | 'again' | 'nothing' {
  if (useToldAt === null) return 'first';
  return now.getTime() - useToldAt.getTime() >= DAY ? 'again' : 'nothing';
}

export function keyState({ revokedAt, expiresAt }: { readonly revokedAt: Date | null; readonly expiresAt: Date | null }, now: Date): ApiKey['state'] {
  if (revokedAt !== null) return 'revoked';
  return expiresAt !== null && expiresAt <= now ? 'expired' : 'active';
}
