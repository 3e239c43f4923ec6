import { on, type Subscription } from '@granary/messaging';
import { normalizeHandler, type NormalizeDeps } from './normalize/normalize.handler';
import { removeHandler, type RemoveDeps } from './remove/remove.handler';

/** Everything the normalizer reacts to. */
export const subscriptions = (deps: NormalizeDeps & RemoveDeps): Subscription[] => [
  on('harvest.completed.v1', normalizeHandler(deps)),
  on('repository.removed.v1', removeHandler(deps)),
];
