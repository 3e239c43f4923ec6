import { LEEWAY_SECONDS, TOKEN_SECONDS } from './access-claims';

/** Where a signing key is in its life: published but not signing yet, signing, or published for the tokens it has signed. */
export interface KeyLife {
  readonly kid: string;
  readonly state: 'next' | 'active' | 'retired';
  /** When it came into this state. */
  readonly since: Date;
}

export interface RotationPolicy {
  /** Milliseconds that a key signs. More than `overlap`. */
  readonly every: number;
  /** Milliseconds that a key is published before it signs and after. At least the life of an access token with its leeway. */
  readonly overlap: number;
}

/** One thing to do; the steps of one answer belong into one transaction. */
export type KeyStep =
  | { readonly step: 'create'; readonly as: 'next' | 'active' }
  | { readonly step: 'activate' | 'retire' | 'remove'; readonly kid: string };

/** A key for three months, and a day in which everybody who keeps our keys learns of the next one. */
export const ROTATION: RotationPolicy = { every: 90 * 86_400_000, overlap: 86_400_000 };

/**
 * What has to happen to the signing keys now; nothing most of the time. Asked at any moments, however late, there is one active
 * key, a key is published for `overlap` before it signs (the first ever excepted) and for as long after its last signature.
 * @throws TypeError when a policy would take away keys before the last token they signed has expired.
 */
export function rotate(keys: readonly KeyLife[], now: Date, policy: RotationPolicy = ROTATION): readonly KeyStep[] {
  demandSound(policy);
  return [...succession(keys, now, policy), ...removals(keys, now, policy)];
}

function succession(keys: readonly KeyLife[], now: Date, { every, overlap }: RotationPolicy): KeyStep[] {
  // Two active keys can only come from two programs at once: the younger one goes on, the others retire.
  const [active, ...surplus] = inState(keys, 'active').reverse();
  const [next] = inState(keys, 'next');
  const retired = surplus.map(({ kid }): KeyStep => ({ step: 'retire', kid }));
  if (!active) return [next ? { step: 'activate', kid: next.kid } : { step: 'create', as: 'active' }];
  if (!next) return age(active, now) >= every - overlap ? [...retired, { step: 'create', as: 'next' }] : retired;
  if (age(active, now) < every || age(next, now) < overlap) return retired;
  return [...retired, { step: 'retire', kid: active.kid }, { step: 'activate', kid: next.kid }];
}

function removals(keys: readonly KeyLife[], now: Date, { overlap }: RotationPolicy): KeyStep[] {
  const done = inState(keys, 'retired').filter((key) => age(key, now) >= overlap);
  return done.map(({ kid }) => ({ step: 'remove', kid }));
}

/** Oldest first; by kid where the times are equal, so that everybody decides alike. */
function inState(keys: readonly KeyLife[], state: KeyLife['state']): KeyLife[] {
  const chosen = keys.filter((key) => key.state === state);
  return chosen.sort((a, b) => a.since.getTime() - b.since.getTime() || (a.kid < b.kid ? -1 : 1));
}

function age({ since }: KeyLife, now: Date): number {
  return now.getTime() - since.getTime();
}

function demandSound({ every, overlap }: RotationPolicy): void {
  const least = (TOKEN_SECONDS + LEEWAY_SECONDS) * 1000;
  if (!(overlap >= least)) throw new TypeError(`keys overlap for at least ${least} ms, the life of an access token, got ${overlap}`);
  if (!(every > overlap)) throw new TypeError(`keys sign for longer than they overlap (${overlap} ms), got ${every}`);
}
