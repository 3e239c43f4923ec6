import type { ConfigOf } from '@granary/service-host';

/** Only what every service has. */
export const settings = {} as const;
export type Settings = ConfigOf<typeof settings>;
