import type { AccessDocument, RpcOperation } from '@granary/contracts';
import { Fault } from '@granary/faults';
import type { RpcClient } from '@granary/messaging';
import type { Logger } from '@granary/observability';
import { openTrust, type Trust } from '@granary/security';
import type { Finding, HealthCheck } from '../health/health';
import type { TrustSource } from './tokens.guard';

/** Who a service is, and whom it believes: both are known from auth and kept up to date. */
export interface Identity extends TrustSource {
  /** Asks auth for both. Faults: those of the calls. */
  obtain(): Promise<void>;
  /** Keeps both up to date from here on. */
  start(): void;
  stop(): Promise<void>;
  /** The service's own access token, asked for anew when it is about to end. Faults: those of the call. */
  token(): Promise<string>;
  readonly check: HealthCheck;
}

export interface IdentityOptions {
  /** Calls that need no token yet. */
  readonly rpc: RpcClient;
  /** How old the trust normally is at most; the same for all that auth revokes. */
  readonly everyMs: number;
  readonly log: Logger;
  readonly now: () => Date;
}

/** Unknown keys are asked for once in this time, however many tokens name one. */
const LEARN_MS = 1_000;
/** An own token with less time left is replaced; with less than the second one it is not sent any more. */
const RENEW_MS = 180_000;
const SPARE_MS = 10_000;
/** Long before nothing is believed any more. */
const LATE_MS = 20_000;
const PATIENCE = { timeoutMs: 3_000 };

/** What the access document of every service names, except that of auth. */
export const IDENTITY_CALLS = ['auth.trust.read', 'auth.service-token.issue', 'auth.refusal.report'] as const satisfies readonly RpcOperation[];

/** @throws Fault permanent `no-access-to-auth`: without these calls a service would wait for ever */
export function demandIdentityCalls({ identity, calls }: AccessDocument): void {
  const missing = IDENTITY_CALLS.filter((operation) => !calls.includes(operation));
  if (missing.length > 0) throw Fault.permanent('no-access-to-auth', `contracts/access/${identity}.json lacks calls that every service needs to know who calls it: ${missing.join(', ')}; add them and generate`);
}

export function createIdentity({ rpc, everyMs, log, now }: IdentityOptions): Identity {
  let trust: Trust | null = null;
  let own: { readonly accessToken: string; readonly expiresAt: number } | null = null;
  let learntAt = -Infinity;
  let timer: NodeJS.Timeout | undefined;
  let trouble = false;
  let stopped = false;

  const readTrust = shared(async () => {
    const askedAt = now();
    const read = await openTrust(await rpc.call('auth.trust.read', {}, PATIENCE), askedAt);
    // A slower, older answer does not replace a newer one.
    if (trust === null || trust.readAt <= askedAt) trust = read;
  });
  const issue = shared(async () => {
    const { accessToken, expiresAt } = await rpc.call('auth.service-token.issue', {}, PATIENCE);
    own = { accessToken, expiresAt: Date.parse(expiresAt) };
    return accessToken;
  });
  const left = (): number => (own === null ? 0 : own.expiresAt - now().getTime());
  const keep = async (): Promise<void> => {
    try {
      await readTrust();
      if (left() < RENEW_MS) await issue();
      if (trouble) log.info('auth answers again');
      trouble = false;
    } catch (error) {
      if (!trouble) log.warn({ err: error }, 'auth does not answer; when that goes on for a minute, calls are refused until it does');
      trouble = true;
    }
  };
  let keeping: Promise<void> = Promise.resolve();

  return {
    current: () => trust,
    async learn() {
      if (now().getTime() - learntAt < LEARN_MS) return false;
      learntAt = now().getTime();
      return readTrust().then(() => true, () => false);
    },
    async obtain() {
      await Promise.all([readTrust(), issue()]);
    },
    start() {
      if (!stopped) timer = setInterval(() => (keeping = keeping.then(keep)), everyMs);
    },
    async stop() {
      stopped = true;
      clearInterval(timer);
      await keeping;
    },
    async token() {
      return own !== null && left() > SPARE_MS ? own.accessToken : issue();
    },
    check: { name: 'auth', critical: false, check: async () => judgeAge(trust, now()) },
  };
}

function judgeAge(trust: Trust | null, now: Date): Finding {
  if (trust === null) return { state: 'unhealthy', detail: 'auth has not said yet whom to believe, so all calls are refused; look at the health of auth' };
  const ageMs = now.getTime() - trust.readAt.getTime();
  if (ageMs <= LATE_MS) return { state: 'healthy' };
  return { state: 'unhealthy', detail: `auth has not answered for ${Math.round(ageMs / 1_000)} s; from 60 s on all calls are refused` };
}

/** Whoever asks while it is under way gets the same answer. */
function shared<R>(work: () => Promise<R>): () => Promise<R> {
  let underWay: Promise<R> | null = null;
  return () => (underWay ??= work().finally(() => (underWay = null)));
}
