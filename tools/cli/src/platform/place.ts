import type { PlatformFile } from '@granary/embedded';
import { Fault } from '@granary/faults';

/** How to reach a platform: what `platform.json` holds, or what the environment says of one that runs elsewhere, which has no process here. */
export type ReachablePlatform = Omit<PlatformFile, 'pid' | 'startedAt'> & { readonly pid: number | null; readonly startedAt: string | null };

/** The data folder of a call and, when a platform runs there, how to reach it. */
export interface PlatformPlace {
  folder: string;
  /** Why it is this folder, for messages. */
  chosenBy: '--data' | 'GRANARY_SERVICES' | 'GRANARY_DATA' | 'the nearest .granary folder' | 'the current folder';
  /** `left-over`: there is a platform file, but the process that wrote it has ended without stopping the platform. */
  state: 'running' | 'left-over' | 'nothing';
  platform: ReachablePlatform | null;
}

/** The platform that runs at a place. Faults: permanent `not-running`, saying how to start one. */
export function runningPlatform({ folder, chosenBy, state, platform }: PlatformPlace): ReachablePlatform {
  if (platform) return platform;
  const why = state === 'left-over' ? `the platform.json in ${folder} is of a run that has ended` : `no platform.json in ${folder}, taken from ${chosenBy}`;
  throw Fault.permanent('not-running', `Granary is not running (${why}). Start it with npm start.`);
}
