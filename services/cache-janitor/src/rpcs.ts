import type { RpcHandler } from '@granary/messaging';

/** Everything that the cache janitor answers, as a table. */
export const rpcs = (): RpcHandler[] => [];
