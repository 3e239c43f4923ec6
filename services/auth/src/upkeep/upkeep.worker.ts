import type { Logger } from '@granary/observability';
import { PLATFORM_TENANT } from '@granary/security';
import type { Task } from '@granary/service-host';
import type { AuthMeters } from '../metrics';
import { loginFailureStore } from '../store/login-failures.store';
import { sessionStore } from '../store/session.store';
import type { Tenancy } from '../store/tenancy.store';
import { trustStore } from '../store/trust.store';

export interface UpkeepOptions {
  readonly tenancy: Tenancy;
  readonly meters: Pick<AuthMeters, 'sessions'>;
  readonly log: Logger;
  readonly now: () => Date;
  readonly newId: () => string;
  readonly everyMs: number;
}

const DAY = 86_400_000;
/** Ended sessions are shown nowhere, but whoever looks into an incident may want to see them. */
const KEEP_SESSIONS_MS = 30 * DAY;
/** Of names that nobody has; more can only come from somebody who tries names. */
const MOST_UNKNOWN_NAMES = 10_000;

/** Counts sessions, and forgets what does not matter any more. */
export function upkeepTask({ tenancy, meters, log, now, newId, everyMs }: UpkeepOptions): Task {
  let timer: NodeJS.Timeout | undefined;
  let working: Promise<void> = Promise.resolve();
  const work = async (): Promise<void> => {
    try {
      await tenancy.across({ tenant: PLATFORM_TENANT, correlationId: newId() }, async ({ manager }) => {
        const at = now();
        await trustStore.prune(manager, at);
        await loginFailureStore.prune(manager, new Date(at.getTime() - DAY), MOST_UNKNOWN_NAMES);
        await sessionStore.prune(manager, new Date(at.getTime() - KEEP_SESSIONS_MS));
        meters.sessions(await sessionStore.countOpen(manager, at));
      });
    } catch (error) {
      log.warn({ err: error }, 'old sessions, revocations and failures could not be cleared away');
    }
  };
  return {
    name: 'upkeep',
    async start() {
      await work();
      timer = setInterval(() => (working = working.then(work)), everyMs);
    },
    async stop() {
      clearInterval(timer);
      await working;
    },
  };
}
