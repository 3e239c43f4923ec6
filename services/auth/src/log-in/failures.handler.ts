import type { EventData } from '@granary/contracts';
import type { Cause } from '@granary/messaging';
import { PLATFORM_TENANT } from '@granary/security';
import { createSeldom } from '@granary/service-host';
import type { Tenancy } from '../store/tenancy.store';

export interface LoginFailure {
  /** Whose refresh token or API key it seems to be; null when nobody's. */
  readonly owner: { readonly principalId: string; readonly tenant: string } | null;
  readonly credential: EventData['auth.login-failed.v1']['credential'];
  readonly reason: string;
}

/** Announces refused refresh tokens and API keys; those that belong to nobody, once a minute for each reason. */
export interface LoginFailures {
  tell(cause: Omit<Cause, 'tenant'>, failure: LoginFailure): Promise<void>;
}

export function createLoginFailures({ tenancy, now }: { readonly tenancy: Tenancy; readonly now: () => Date }): LoginFailures {
  const worthTelling = createSeldom({ everyMs: 60_000, most: 100, now });
  return {
    async tell({ correlationId }, { owner, credential, reason }) {
      if (owner === null && !worthTelling(`${credential} ${reason}`)) return;
      const tenant = owner?.tenant ?? PLATFORM_TENANT;
      await tenancy.within({ tenant, correlationId }, async ({ announce }) => {
        announce({ type: 'auth.login-failed.v1', key: owner?.principalId ?? tenant, data: { principalId: owner?.principalId ?? null, credential, reason, by: null } });
      });
    },
  };
}
