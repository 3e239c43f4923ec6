import type { ConfigOf } from '@granary/service-host';

/** The auth's own settings: none yet. */
export const config = {};

export type AuthConfig = ConfigOf<typeof config>;
