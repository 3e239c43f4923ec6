import { randomBytes } from 'node:crypto';
import { join, resolve } from 'node:path';
import { lockNumber } from '@granary/persistence';
import { createPasswords, keyFile } from '@granary/security';
import type { PasswordsOptions } from '@granary/security';
import type { Host, ServiceDefinition, Wired } from '@granary/service-host';
import { v7 } from 'uuid';
import { config, type AuthConfig } from './config';
import type { AuthDeps } from './deps';
import { firstStart } from './first-start/first-start.handler';
import { createRefusals } from './guard/refusals.handler';
import { createLoginFailures } from './log-in/failures.handler';
import { authMeters } from './metrics';
import { rpcs } from './rpcs';
import { ApiKeyEntity } from './store/api-key.entity';
import { LoginFailuresEntity } from './store/login-failures.entity';
import { FoldedNames1780000000000 } from './store/migrations/folded-names.migration';
import { Identities1770000000000 } from './store/migrations/identities.migration';
import { PasswordEntity } from './store/password.entity';
import { PrincipalEntity } from './store/principal.entity';
import { RevocationEntity } from './store/revocation.entity';
import { SessionEntity } from './store/session.entity';
import { SigningKeyEntity } from './store/signing-key.entity';
import { createTenancy } from './store/tenancy.store';
import { TenantEntity } from './store/tenant.entity';
import { createTrust } from './trust/trust.worker';
import { upkeepTask } from './upkeep/upkeep.worker';
import { createVault } from './vault/vault';

export const entities = [TenantEntity, PrincipalEntity, PasswordEntity, ApiKeyEntity, SessionEntity, SigningKeyEntity, RevocationEntity, LoginFailuresEntity];
export const migrations = [Identities1770000000000, FoldedNames1780000000000];

/** The auth service: the one place where its parts meet. `passwords` makes hashes cheap in tests. */
export const authService = ({ passwords = {} }: { passwords?: PasswordsOptions } = {}): ServiceDefinition<AuthConfig> => ({
  name: 'auth',
  trust: 'own',
  config,
  entities,
  migrations,
  wire: (host) => wire(host, passwords),
});

async function wire({ config: settings, database, metrics, log, now }: Host<AuthConfig>, passwordOptions: PasswordsOptions): Promise<Wired> {
  const { issuer, sessionMs, trustMs } = settings;
  const vault = createVault(await keyFile(join(resolve(settings.dataDir), 'auth.key'), '; new signing keys are made then, and everybody logs in again'), randomBytes);
  const tenancy = createTenancy(database);
  const passwords = createPasswords(passwordOptions);
  const lock = lockNumber('auth', database.schema);
  const common = { tenancy, log, now, newId: v7 };

  await firstStart({ ...common, passwords }, settings, lock);
  const trust = createTrust({ ...common, vault, issuer, lockNumber: lock, everyMs: trustMs, policy: { every: settings.keyEveryMs, overlap: settings.keyOverlapMs } });
  // Calls are answered as soon as RPCs are served, which is before the tasks start.
  await trust.prepare();

  const meters = authMeters(metrics, () => (now().getTime() - trust.current().trust.readAt.getTime()) / 1_000);
  const refusals = createRefusals(common);
  const deps: AuthDeps = { ...common, trust, passwords, vault, failures: createLoginFailures(common), meters, sessionMs };
  return {
    rpcs: rpcs(deps, refusals),
    // Its own trust is of a moment ago: there is nothing to learn.
    trust: { current: () => trust.current().trust, learn: () => Promise.resolve(false), tell: refusals.tell },
    tasks: [trust, upkeepTask({ ...common, meters, everyMs: 60_000 })],
  };
}
