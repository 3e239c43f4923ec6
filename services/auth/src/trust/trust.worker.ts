import { Fault } from '@granary/faults';
import { LEEWAY_SECONDS, PLATFORM_TENANT, TOKEN_SECONDS, generateSigningKey, issueAccessToken, jwksOf, openSigner, openTrust, rotate } from '@granary/security';
import type { IssuedToken, RotationPolicy, Signer, TokenSubject, Trust } from '@granary/security';
import type { SigningKey } from '@granary/contracts';
import type { UnitOfWork } from '@granary/messaging';
import type { Logger } from '@granary/observability';
import type { Task } from '@granary/service-host';
import type { EntityManager } from 'typeorm';
import type { SigningKeyEntity } from '../store/signing-key.entity';
import type { Tenancy } from '../store/tenancy.store';
import { trustStore } from '../store/trust.store';
import type { Vault } from '../vault/vault';

/** What the contract of `trust.read` has room for. With more, nobody may believe that the list is whole. */
const MOST_REVOCATIONS = 10_000;

/** How old the answer of `trust.read` may be: the asker adds its own minute. */
const FRESH_MS = 10_000;

/** Whom to believe, as auth itself knows it. */
export interface KnownTrust {
  readonly trust: Trust;
  readonly keys: readonly SigningKey[];
  readonly revoked: readonly { readonly sid: string; readonly until: Date }[];
  readonly signer: Signer;
}

/** Signing keys and revocations, in memory as of a moment ago. */
export interface TrustKeeper {
  /** To verify with. May be too old, which verification itself refuses. */
  current(): KnownTrust;
  /** @throws Fault transient `trust-outdated` when it is too old to be handed on */
  fresh(): KnownTrust;
  /** @param seconds how long it is good at most, when that is less than usual */
  issue(subject: TokenSubject, seconds?: number): Promise<IssuedToken>;
  /** Revokes all tokens of a session or API key, with the transaction; `refresh` makes it known here at once. */
  revoke(unit: UnitOfWork, tenant: string, sids: readonly string[]): Promise<void>;
  forget(unit: UnitOfWork, sids: readonly string[]): Promise<void>;
  refresh(): Promise<void>;
}

export interface TrustOptions {
  readonly tenancy: Tenancy;
  readonly vault: Pick<Vault, 'seal' | 'open'>;
  readonly policy: RotationPolicy;
  readonly issuer: string;
  /** The number of the lock under which replicas look after the signing keys. */
  readonly lockNumber: string;
  readonly everyMs: number;
  readonly log: Logger;
  readonly now: () => Date;
  readonly newId: () => string;
}

const HOUR = 3_600_000;
/** How long after a revocation a token of before could still be shown. */
export const TOKEN_LIFE_MS = (TOKEN_SECONDS + LEEWAY_SECONDS) * 1_000;

/** Keeps the trust in memory, and rotates the signing keys at start and hourly. After `prepare` tokens can be issued and judged. */
export function createTrust(options: TrustOptions): TrustKeeper & Task & { prepare(): Promise<void> } {
  const { tenancy, issuer, everyMs, log, now, newId } = options;
  let known: KnownTrust | null = null;
  let timer: NodeJS.Timeout | undefined;
  let rotatedAt = 0;
  let reading: Promise<void> = Promise.resolve();

  const cause = () => ({ tenant: PLATFORM_TENANT, correlationId: newId() });
  const refresh = async (): Promise<void> => {
    const askedAt = now();
    const next = await tenancy.across(cause(), ({ manager }) => readTrust(options, manager, askedAt));
    // A slower, older answer does not replace a newer one.
    if (known === null || known.trust.readAt <= next.trust.readAt) known = next;
  };
  const keepKeys = async (): Promise<void> => {
    await tenancy.across(cause(), (unit) => rotateKeys(options, unit));
    rotatedAt = now().getTime();
    await refresh();
  };
  const look = async (): Promise<void> => {
    try {
      await (now().getTime() - rotatedAt >= HOUR ? keepKeys() : refresh());
    } catch (error) {
      log.warn({ err: error }, 'signing keys and revocations could not be read; tokens are refused when this goes on for a minute');
    }
  };
  const current = (): KnownTrust => known ?? notStarted();
  return {
    name: 'trust',
    prepare: keepKeys,
    async start() {
      timer = setInterval(() => (reading = reading.then(look)), everyMs);
    },
    async stop() {
      clearInterval(timer);
      await reading;
    },
    current,
    fresh() {
      const found = current();
      if (now().getTime() - found.trust.readAt.getTime() <= FRESH_MS) return found;
      throw Fault.transient('trust-outdated', 'auth cannot read its own database at the moment, so it does not know which tokens were revoked; try again, and look at the health of auth');
    },
    issue: (subject, seconds = TOKEN_SECONDS) => issueAccessToken({ subject, issuer, jti: newId(), now: now(), seconds: Math.min(seconds, TOKEN_SECONDS) }, current().signer),
    async revoke({ manager }, tenant, sids) {
      const until = new Date(now().getTime() + TOKEN_LIFE_MS);
      for (const sid of sids) await trustStore.revoke(manager, { sid, tenant, until });
    },
    forget: ({ manager }, sids) => trustStore.forget(manager, sids),
    refresh,
  };
}

function notStarted(): never {
  throw Fault.transient('starting', 'auth has not read its signing keys yet; try again');
}

async function readTrust({ issuer, vault }: TrustOptions, manager: EntityManager, askedAt: Date): Promise<KnownTrust> {
  const stored = await trustStore.keys(manager);
  const revocations = await trustStore.revocations(manager, askedAt, MOST_REVOCATIONS + 1);
  if (revocations.length > MOST_REVOCATIONS) throw Fault.permanent('too-many-revocations', `more than ${MOST_REVOCATIONS} sessions were revoked within ten minutes; until the oldest have expired no token is believed`);
  const active = stored.find(({ state }) => state === 'active');
  const opened = active?.sealedPrivate ? vault.open(active.kid, active.sealedPrivate) : null;
  if (opened === null) throw Fault.transient('no-signing-key', 'there is no signing key that can be opened; one is made within the hour, or when auth starts');
  const { keys } = jwksOf(stored.map(({ publicJwk }) => publicJwk));
  const revoked = revocations.map(({ sid, until }) => ({ sid, until }));
  return { trust: await openTrust({ issuer, keys, revoked }, askedAt), keys: [...keys], revoked, signer: await openSigner(opened) };
}

/** Brings the signing keys to where they should be now, one replica after the other, and announces when another one signs. */
async function rotateKeys({ vault, policy, lockNumber, log, now }: TrustOptions, { manager, announce }: UnitOfWork): Promise<void> {
  await trustStore.lockKeys(manager, lockNumber);
  const at = now();
  const keys = await trustStore.keys(manager);
  for (const key of keys.filter((one) => one.state !== 'retired' && !canOpen(vault, one))) {
    log.error({ kid: key.kid }, 'a signing key was sealed with another key than that of the data folder; it is retired, and another is made');
    await trustStore.retire(manager, key.kid, at);
  }
  const steps = rotate(await trustStore.keys(manager), at, policy);
  for (const step of steps) {
    if (step.step === 'create') await create(vault, manager, step.as, at);
    // Retired before the next is activated: there is never more than one that signs.
    if (step.step === 'retire') await trustStore.retire(manager, step.kid, at);
    if (step.step === 'activate') await trustStore.saveState(manager, step.kid, 'active', at);
    if (step.step === 'remove') await trustStore.removeKey(manager, step.kid);
  }
  const before = signing(keys);
  const after = signing(await trustStore.keys(manager));
  if (after === null || after === before) return;
  log.info({ kid: after, before }, 'another key signs access tokens');
  announce({ type: 'auth.signing-key-rotated.v1', tenant: PLATFORM_TENANT, key: PLATFORM_TENANT, data: { active: after, retired: before, by: null } });
}

async function create(vault: Pick<Vault, 'seal'>, manager: EntityManager, state: 'next' | 'active', since: Date): Promise<void> {
  const key = await generateSigningKey();
  const [publicJwk] = jwksOf([key]).keys;
  if (publicJwk) await trustStore.addKey(manager, { kid: key.kid, state, since, publicJwk, sealedPrivate: vault.seal(key) });
}

function canOpen(vault: Pick<Vault, 'open'>, { kid, sealedPrivate }: SigningKeyEntity): boolean {
  return sealedPrivate !== null && vault.open(kid, sealedPrivate) !== null;
}

function signing(keys: readonly SigningKeyEntity[]): string | null {
  return keys.find(({ state }) => state === 'active')?.kid ?? null;
}
