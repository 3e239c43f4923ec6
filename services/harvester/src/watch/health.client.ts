import { statfs } from 'node:fs/promises';
import type { HealthCheck } from '@granary/service-host';

const LITTLE = 500_000_000;

/** Whether there is room for mirrors. Without it known repositories are still answered for, so it is not critical. */
export function mirrorCheck(folder: string, little = LITTLE): HealthCheck {
  return {
    name: 'mirrors',
    critical: false,
    async check() {
      try {
        const { bavail, bsize } = await statfs(folder);
        const free = bavail * bsize;
        const detail = `${Math.round(free / 1e6)} MB free in ${folder}`;
        return free < little ? { state: 'degraded', detail: `${detail}: repositories that grow cannot be mirrored; free some space, or move GRANARY_DATA to a larger disk` } : { state: 'healthy', detail };
      } catch (error) {
        return { state: 'degraded', detail: `${folder} cannot be looked at: ${(error as Error).message}` };
      }
    },
  };
}
