// Walks every operation as everybody: what the contracts and the roles say decides what each answer has to be.
import { accessDocuments, callSubject, inboxPrefix, RPC_PERMISSIONS, rpcExamples, type RpcOperation } from '@granary/contracts';
import { connectBroker, createRpcClient, RPC_HEADERS, type Broker } from '@granary/messaging';
import { createLogger } from '@granary/observability';
import { isOfARepository, isOfThePlatform, ROLES, roleHas, type Grant, type Role } from '@granary/security';
import { headers } from '@nats-io/transport-node';
import { v7 } from 'uuid';

export interface Reach {
  readonly natsUrl: string;
  readonly operator: { readonly user: string; readonly password: string };
  /** API keys of somebody who may add principals to the tenant, and of somebody who may add tenants. */
  readonly key: string;
  readonly platformKey: string;
}

/** Something that is there, to be asked for. */
export interface Known {
  readonly repositoryId: string;
  readonly jobId: string;
  readonly graphHash: string;
  /** Part of the name of a module. */
  readonly query: string;
  readonly package: string;
}

interface Caller {
  readonly name: string;
  readonly tenant: string;
  readonly token: string | null;
  readonly role: Role | null;
  readonly on: 'all' | 'granted' | 'other' | 'nothing';
}

const FOREIGN = 'foreign-tenant';
const OPERATIONS = Object.keys(RPC_PERMISSIONS) as RpcOperation[];

/** What is wrong, one line each; empty when every answer is as the contracts say. */
export async function whoMayCall(reach: Reach, known: Known): Promise<string[]> {
  const { natsUrl, operator } = reach;
  const broker = await connectBroker({ url: natsUrl, ...operator, name: operator.user, inboxPrefix: inboxPrefix(operator.user), log: createLogger({ service: 'tests', level: 'silent' }) });
  try {
    const { tenant, callers } = await everybody(broker, reach, known.repositoryId);
    return [...(await walkGuards(broker, callers, tenant)), ...(await walkRepositories(broker, callers, known))];
  } finally {
    await broker.close();
  }
}

/** Nobody; each role on the whole tenant, on the repository, on another one; and the owner of another tenant. */
async function everybody(broker: Broker, { key, platformKey }: Reach, repositoryId: string): Promise<{ tenant: string; callers: Caller[] }> {
  const rpc = createRpcClient({ broker });
  const exchange = (text: string) => rpc.call('auth.key.exchange', { key: text });
  const [{ accessToken: token, principal }, platform] = await Promise.all([exchange(key), exchange(platformKey)]);
  const { tenant } = principal;
  const add = async (role: Role, on: Caller['on'], repositories: Grant['repositories']): Promise<Caller> => {
    const name = `walk-${role}-${on}`;
    const grants = [{ role, repositories: repositories === 'all' ? ('all' as const) : [...repositories] }];
    const made = await rpc.call('auth.principal.add', { kind: 'service-account', name, grants }, { token });
    const issued = await rpc.call('auth.key.issue', { principal: made.principal.principalId, name }, { token });
    return { name, tenant, token: (await exchange(issued.key)).accessToken, role, on };
  };
  const callers: Caller[] = [{ name: 'nobody', tenant, token: null, role: null, on: 'nothing' }];
  // Only owners make owners; the one of the other tenant stands for the role.
  for (const role of ROLES.filter((one) => one !== 'owner')) {
    callers.push(await add(role, 'all', 'all'));
    if (role !== 'publisher') callers.push(await add(role, 'granted', [repositoryId]), await add(role, 'other', [v7()]));
  }
  const password = 'four words of chance';
  await rpc.call('auth.tenant.add', { tenant: FOREIGN, name: FOREIGN, administrator: { name: 'root', password } }, { token: platform.accessToken });
  const root = await rpc.call('auth.session.create', { tenant: FOREIGN, name: 'root', password });
  callers.push({ name: 'the owner of another tenant', tenant: FOREIGN, token: root.accessToken, role: 'owner', on: 'all' });
  return { tenant, callers };
}

/** The guard comes before the request is looked at, so one that is nothing shows whether the call was admitted, and does nothing. */
async function walkGuards(broker: Broker, callers: readonly Caller[], tenant: string): Promise<string[]> {
  const problems: string[] = [];
  // Which repository a caller has is not asked here.
  const asking = callers.filter(({ on }) => on !== 'other');
  for (const operation of OPERATIONS) {
    await Promise.all(
      asking.flatMap((caller) => [caller.tenant, tenant].filter((one, i, all) => all.indexOf(one) === i).map(async (asked) => {
        const [expected, got] = [expectedOf(operation, caller, asked), await codeOf(broker, operation, caller, asked, null)];
        if (got !== expected) problems.push(`${operation} in ${asked} by ${caller.name}: ${got}, expected ${expected}`);
      })),
    );
  }
  return problems;
}

const OPERATORS: ReadonlySet<string> = new Set(accessDocuments['operator']?.calls);

function expectedOf(operation: RpcOperation, { role, tenant, on, token }: Caller, asked: string): string {
  const { permission, repository } = RPC_PERMISSIONS[operation];
  // What only services ask is kept from the operator by the broker.
  if (!OPERATORS.has(operation)) return 'rpc-failed';
  if (permission === 'none') return 'admitted';
  if (token === null) return 'token-missing';
  if (asked !== tenant) return 'tenant-foreign';
  if (permission === 'any') return 'admitted';
  if (permission === 'service') return 'call-not-granted';
  // What concerns the platform is for its own tenant alone.
  const has = role !== null && roleHas(role, permission) && !isOfThePlatform(permission);
  return has && (on === 'all' || (repository !== null && isOfARepository(permission))) ? 'admitted' : 'permission-missing';
}

/** Who has the permission, but not on this repository, must not learn that it is there, nor do anything with it. */
async function walkRepositories(broker: Broker, callers: readonly Caller[], known: Known): Promise<string[]> {
  const problems: string[] = [];
  for (const operation of OPERATIONS) {
    const { permission, repository } = RPC_PERMISSIONS[operation];
    if (repository === null || !OPERATORS.has(operation) || permission === 'none' || permission === 'any' || permission === 'service') continue;
    const request = requestFor(operation, known);
    for (const caller of callers.filter(({ role }) => role !== null && roleHas(role, permission))) {
      const inReach = caller.on !== 'other' && caller.tenant !== FOREIGN;
      // Those who may would really do it.
      if (inReach && !permission.endsWith(':read')) continue;
      const { code, body } = await ask(broker, operation, caller, caller.tenant, request);
      if (inReach ? REFUSED.has(code) : tells(body, code, known)) problems.push(`${operation} about a repository ${inReach ? 'in' : 'out of'} reach by ${caller.name}: ${code} ${body.slice(0, 300)}`);
    }
  }
  return problems;
}

const REFUSED: ReadonlySet<string> = new Set(['token-missing', 'tenant-foreign', 'permission-missing', 'call-not-granted', 'repository-not-found', 'job-not-found', 'invalid-request', 'rpc-failed']);

/** An answer may repeat what was asked for where it says that there is no such thing, and in no other way. */
function tells(body: string, code: string, { repositoryId, jobId }: Known): boolean {
  if (code === 'not-found' || code.endsWith('-not-found')) return false;
  return code !== 'admitted' || body.includes(repositoryId) || body.includes(jobId);
}

/** The example of the contract, about what is there. */
function requestFor(operation: RpcOperation, { repositoryId, jobId, graphHash, query, package: used }: Known): object {
  const there: Readonly<Record<string, unknown>> = { jobId, digest: graphHash, offset: 0, query, package: used };
  const { request } = rpcExamples[operation];
  const { repository } = RPC_PERMISSIONS[operation];
  const fields = Object.entries(request).flatMap(([name, value]) => (['cursor', 'tenant', 'state', 'since', 'until', 'after', 'before', 'range', 'limit', 'types', 'correlationId'].includes(name) && operation.match(/\.(list|search|users)$/) ? [] : [[name, there[name] ?? value] as const]));
  return { ...Object.fromEntries(fields), ...(repository === null || repository === '*' ? {} : { [repository.slice(1)]: repositoryId }) };
}

async function codeOf(broker: Broker, operation: RpcOperation, caller: Caller, tenant: string, request: unknown): Promise<string> {
  const { code } = await ask(broker, operation, caller, tenant, request);
  return code === 'invalid-request' ? 'admitted' : code;
}

async function ask(broker: Broker, operation: RpcOperation, { token }: Caller, tenant: string, request: unknown): Promise<{ code: string; body: string }> {
  const hdrs = headers();
  hdrs.set(RPC_HEADERS.tenant, tenant);
  if (token !== null) hdrs.set(RPC_HEADERS.token, token);
  try {
    const reply = await broker.connection.request(callSubject(operation, broker.name), JSON.stringify(request), { headers: hdrs, timeout: 10_000 });
    return { code: reply.headers?.get(RPC_HEADERS.fault) || 'admitted', body: reply.string() };
  } catch {
    return { code: 'rpc-failed', body: '' };
  }
}
