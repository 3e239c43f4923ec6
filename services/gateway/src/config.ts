import type { ConfigOf } from '@granary/service-host';

/** The gateway's own settings: none yet. */
export const config = {};

export type GatewayConfig = ConfigOf<typeof config>;
