import type { Job } from '@granary/contracts';

/** States of a job that somebody works on. */
export const RUNNING = ['fetching', 'scanning', 'parsing', 'storing'] as const satisfies readonly Job['state'][];
/** States of a job that has not ended. */
export const OPEN = ['pending', ...RUNNING] as const satisfies readonly Job['state'][];
