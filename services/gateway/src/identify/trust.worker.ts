import type { RpcClient } from '@granary/messaging';
import type { Logger } from '@granary/observability';
import { openTrust, type Trust } from '@granary/security';
import type { Task } from '@granary/service-host';

export interface TrustReader extends Task {
  /** The newest that was read; null before the first. Whether it is too old is judged with each token. */
  current(): Trust | null;
  /** Reads it now, unless that was done within the last second: for a key that is not known yet. */
  again(): Promise<void>;
}

export interface TrustOptions {
  readonly rpc: RpcClient;
  readonly log: Logger;
  readonly everyMs: number;
  readonly now: () => Date;
}

const HURRY_MS = 1_000;

/** Asks auth every few seconds whom to believe. When auth is away the last answer counts, until tokens find it too old. */
export function createTrustReader({ rpc, log, everyMs, now }: TrustOptions): TrustReader {
  let trust: Trust | null = null;
  let reading: Promise<void> | null = null;
  let lastAt = Number.NEGATIVE_INFINITY;
  let timer: NodeJS.Timeout | undefined;

  const read = async () => {
    const askedAt = now();
    lastAt = askedAt.getTime();
    try {
      trust = await openTrust(await rpc.call('auth.trust.read', {}, { timeoutMs: 5_000 }), askedAt);
    } catch (error) {
      log.warn({ err: error }, 'auth does not say whom to believe; asking again');
    }
  };
  const readOnce = () => (reading ??= read().finally(() => (reading = null)));
  const loop = async () => {
    await readOnce();
    timer = setTimeout(() => void loop(), trust === null ? Math.min(500, everyMs) : everyMs);
    timer.unref();
  };

  return {
    name: 'trust',
    start: loop,
    async stop() {
      clearTimeout(timer);
      await reading;
    },
    current: () => trust,
    again: async () => {
      if (reading) return reading;
      if (now().getTime() - lastAt >= HURRY_MS) await readOnce();
    },
  };
}
