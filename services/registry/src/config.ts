import type { ConfigOf } from '@granary/service-host';

/** The registry's own settings: none yet. */
export const config = {};

export type RegistryConfig = ConfigOf<typeof config>;
