import type { OutsideVerdict } from './outside';

/** How the log stands to its newest checkpoint outside of the database, as far as this process looks after it; `idle` in every other one. */
export type KeeperState = { state: 'idle' | 'consistent' } | { state: Exclude<OutsideVerdict['state'], 'consistent'> | 'failing'; why: string };
