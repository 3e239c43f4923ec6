import type { Logger } from '@granary/observability';
import type { Passwords } from '@granary/security';
import type { LoginFailures } from './log-in/failures.handler';
import type { AuthMeters } from './metrics';
import type { Tenancy } from './store/tenancy.store';
import type { TrustKeeper } from './trust/trust.worker';
import type { Vault } from './vault/vault';

/** What the handlers of auth are built from. */
export interface AuthDeps {
  readonly tenancy: Tenancy;
  readonly trust: TrustKeeper;
  readonly passwords: Passwords;
  readonly vault: Pick<Vault, 'hash'>;
  readonly failures: LoginFailures;
  readonly meters: AuthMeters;
  readonly log: Logger;
  readonly sessionMs: number;
  readonly now: () => Date;
  /** A UUID of version 7. */
  readonly newId: () => string;
}
