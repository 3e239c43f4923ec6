import type { AuthRefusalReportRequest } from '@granary/contracts';
import type { Logger } from '@granary/observability';
import { createSeldom } from './seldom';

/** A refusal in the words of `auth.access-refused.v1`: who asked for what, and why not. Nothing of the request, nothing of the token. */
export type ToldRefusal = AuthRefusalReportRequest['refusals'][number];

/** Who is told of refusals. All of them are counted, whoever is told. */
export interface Refusals {
  tell(refusal: ToldRefusal): Promise<void>;
}

/** Whether a refusal was not told a moment ago: of one principal for one reason at one operation one a minute is enough. */
export function createWorthTelling(now: () => Date): (refusal: ToldRefusal) => boolean {
  const seldom = createSeldom({ everyMs: 60_000, most: 10_000, now });
  return ({ tenant, by, operation, reason }) => seldom(JSON.stringify([tenant, by, operation, reason]));
}

/** What one report holds; beyond that refusals are only counted until it is sent. */
const MOST = 100;

export interface ReportsOptions {
  /** Sends a report to auth. */
  readonly report: (refusals: ToldRefusal[]) => Promise<unknown>;
  readonly log: Logger;
  readonly now: () => Date;
  /** How long refusals are collected. */
  readonly lingerMs?: number;
}

/** Reports refusals to auth, many at once and never in the way of a call. What auth does not take is tried again, as long as there is room. */
export function createReports({ report, log, now, lingerMs = 500 }: ReportsOptions): Refusals & { stop(): Promise<void> } {
  const isWorthTelling = createWorthTelling(now);
  let waiting: ToldRefusal[] = [];
  let timer: NodeJS.Timeout | undefined;
  let sending: Promise<void> = Promise.resolve();

  const send = async (): Promise<void> => {
    timer = undefined;
    const batch = waiting;
    waiting = [];
    if (batch.length === 0) return;
    try {
      await report(batch);
    } catch (error) {
      log.warn({ err: error, refusals: batch.length }, 'auth was not told of refused calls; it is told later');
      waiting = [...batch, ...waiting].slice(0, MOST);
      sendIn(lingerMs * 10);
    }
  };
  const sendIn = (ms: number): void => {
    timer ??= setTimeout(() => (sending = send()), ms);
  };
  return {
    async tell(refusal) {
      if (waiting.length >= MOST || !isWorthTelling(refusal)) return;
      waiting.push(refusal);
      sendIn(lingerMs);
    },
    async stop() {
      clearTimeout(timer);
      await sending;
      clearTimeout(timer);
      await send();
      clearTimeout(timer);
    },
  };
}
