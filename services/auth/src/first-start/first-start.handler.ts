import { Fault } from '@granary/faults';
import type { UnitOfWork } from '@granary/messaging';
import { PLATFORM_TENANT, hashSecret, isTenantName, parseApiKey, whyNotPassword } from '@granary/security';
import type { Role } from '@granary/security';
import type { AuthConfig } from '../config';
import type { AuthDeps } from '../deps';
import { insertKey } from '../keys/key.handler';
import { insertPrincipal } from '../principals/principal.handler';
import { principalStore } from '../store/principal.store';
import { trustStore } from '../store/trust.store';
import { insertTenant } from '../tenants/tenant.handler';

/** The service account of whoever runs the servers: the command line uses its key. */
const LOCAL_OPERATOR = 'local-operator';

export type FirstStart = Pick<AuthConfig, 'firstTenant' | 'firstAdmin' | 'firstPassword' | 'firstKey' | 'firstPlatformKey'>;

/**
 * Where there is no tenant yet: the platform's own, the first one, an owner of both, and service accounts for the keys that were
 * given. Only hashes are kept. From the second start on the settings are not looked at.
 * @throws Fault permanent `invalid-config`
 */
export async function firstStart(deps: Pick<AuthDeps, 'tenancy' | 'passwords' | 'log' | 'now' | 'newId'>, settings: FirstStart, lockNumber: string): Promise<void> {
  const { tenancy, passwords, log, newId } = deps;
  const cause = { tenant: PLATFORM_TENANT, correlationId: newId() };
  if (!(await tenancy.across(cause, async ({ manager }) => (await principalStore.countTenants(manager)) === 0))) return;
  const { firstPassword, firstAdmin, firstTenant } = settings;
  if (firstPassword === undefined) {
    log.warn('there is no tenant yet, and GRANARY_AUTH_FIRST_ADMIN_PASSWORD is not set: nobody can log in; set it and start again');
    return;
  }
  refuseUnfit(settings, firstPassword);
  const phc = await passwords.hash(firstPassword);
  const created = await tenancy.across(cause, async (unit) => {
    await trustStore.lockKeys(unit.manager, lockNumber);
    if ((await principalStore.countTenants(unit.manager)) > 0) return false;
    await insertTenant(deps, unit, { tenant: PLATFORM_TENANT, name: 'Granary', administrator: firstAdmin, phc, by: null });
    await insertTenant(deps, unit, { tenant: firstTenant, name: firstTenant, administrator: firstAdmin, phc, by: null });
    await addOperator(deps, unit, firstTenant, 'admin', settings.firstKey);
    await addOperator(deps, unit, PLATFORM_TENANT, 'owner', settings.firstPlatformKey);
    return true;
  });
  if (created) log.info({ firstTenant, administrator: firstAdmin }, 'first start: tenant and administrator created');
}

async function addOperator(deps: Pick<AuthDeps, 'now' | 'newId'>, unit: UnitOfWork, tenant: string, role: Role, text: string | undefined): Promise<void> {
  const key = text === undefined ? null : parseApiKey(text);
  if (key === null) return;
  const principal = await insertPrincipal(deps, unit, { tenant, kind: 'service-account', name: LOCAL_OPERATOR, grants: [{ role, repositories: 'all' }], phc: null, by: null });
  await insertKey(deps, unit, { principal, made: { id: key.id, hash: hashSecret(key.secret) }, name: 'data folder', scope: null, expiresAt: null, by: null });
}

function refuseUnfit({ firstTenant, firstAdmin, firstKey, firstPlatformKey }: FirstStart, password: string): void {
  const refusal = whyNotPassword(password, firstAdmin);
  const problems = [
    ...(isTenantName(firstTenant) ? [] : ['GRANARY_AUTH_FIRST_TENANT must be 1 to 63 lower-case letters, digits or `-`, with a letter or digit at both ends']),
    ...(/^[A-Za-z0-9](?:[A-Za-z0-9._@+-]{0,126}[A-Za-z0-9])?$/.test(firstAdmin) ? [] : ['GRANARY_AUTH_FIRST_ADMIN must be 1 to 128 letters, digits or `. _ @ + -`, with a letter or digit at both ends']),
    ...(refusal === null ? [] : [`GRANARY_AUTH_FIRST_ADMIN_PASSWORD: ${refusal.message}`]),
    ...[['GRANARY_AUTH_FIRST_KEY', firstKey] as const, ['GRANARY_AUTH_FIRST_PLATFORM_KEY', firstPlatformKey] as const]
      .filter(([, key]) => key !== undefined && parseApiKey(key) === null)
      .map(([variable]) => `${variable} is not an API key, gran_<id>_<secret and checksum>`),
  ];
  if (problems.length > 0) throw Fault.permanent('invalid-config', `auth cannot make the first tenant:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
}
