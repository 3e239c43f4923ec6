import type { ConfigOf } from '@granary/service-host';

/** The cache janitor's own settings: none yet. */
export const config = {};

export type CacheJanitorConfig = ConfigOf<typeof config>;
