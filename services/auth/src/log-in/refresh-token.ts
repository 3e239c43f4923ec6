import { hashSecret, randomBase62, secretMatches } from '@granary/security';

/** A refresh token is `granr_<session>_<family><own>`: the family is the same for a whole session, the rest new each time. */
export interface RefreshToken {
  readonly sid: string;
  readonly family: string;
  readonly own: string;
}

const FORM = /^granr_([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})_([0-9A-Za-z]{43})([0-9A-Za-z]{43})$/;

/** The first of a session, or with its family the next. */
export function newRefreshToken(sid: string, family: string = randomBase62(43)): RefreshToken {
  return { sid, family, own: randomBase62(43) };
}

export function renderRefreshToken({ sid, family, own }: RefreshToken): string {
  return `granr_${sid.replaceAll('-', '')}_${family}${own}`;
}

/** Null for what cannot be one. */
export function parseRefreshToken(text: string): RefreshToken | null {
  const [, a, b, c, d, e, family, own] = FORM.exec(text) ?? [];
  if (family === undefined || own === undefined) return null;
  return { sid: `${a}-${b}-${c}-${d}-${e}`, family, own };
}

/** What is kept of one. Both parts have 256 random bits, so a fast hash is enough. */
export function hashesOf({ family, own }: RefreshToken): { familyHash: string; currentHash: string } {
  return { familyHash: hashSecret(family), currentHash: hashSecret(own) };
}

/**
 * What a token is to its session: the good one, one that was good before, or none of it. Whoever has the family had a token of
 * this session; so however old it is, its second use shows, while the session's id alone, which is no secret, does nothing.
 */
export function judgeRefreshToken({ family, own }: RefreshToken, kept: { familyHash: string; currentHash: string }): 'current' | 'used' | 'foreign' {
  if (!secretMatches(family, kept.familyHash)) return 'foreign';
  return secretMatches(own, kept.currentHash) ? 'current' : 'used';
}
