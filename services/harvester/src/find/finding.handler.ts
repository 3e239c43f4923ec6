import type { HarvesterFindingAllowRequest, HarvesterFindingAllowResponse, HarvesterFindingListRequest, HarvesterFindingListResponse } from '@granary/contracts';
import { Fault } from '@granary/faults';
import { pageOf, readPage } from '@granary/messaging';
import type { RpcContext } from '@granary/messaging';
import type { Logger } from '@granary/observability';
import type { Database } from '@granary/persistence';
import { requestHarvest } from '../harvest/request.handler';
import type { RequestDeps } from '../harvest/request.handler';
import { findRepository } from '../register/register.handler';
import type { FindingFilter, FindingStore } from '../store/finding.store';
import type { RepositoryStore } from '../store/repository.store';
import { asFinding, asKnownFinding } from './as-known-finding';

export interface FindingDeps extends RequestDeps {
  readonly database: Database;
  readonly repositories: RepositoryStore;
  readonly findings: FindingStore;
  readonly log: Logger;
  readonly wake: () => void;
}

export const listFindings = ({ repositories, findings }: Pick<FindingDeps, 'repositories' | 'findings'>) => async (request: HarvesterFindingListRequest, context: RpcContext): Promise<HarvesterFindingListResponse> => {
  const { limit, after } = readPage(request, /^\d{1,18}$/);
  const repository = request.repository === undefined ? null : await findRepository(repositories, context, request.repository);
  const { tenant } = context;
  const filter: FindingFilter = { ...filterOf(request), among: repository ? new Set([repository.repositoryId]) : context.repositories };
  const page = pageOf(await findings.list(tenant, filter, after, limit + 1), limit, ({ number }) => number);
  const names = await repositories.names(tenant, [...new Set(page.rows.map(({ repositoryId }) => repositoryId))]);
  return { findings: page.rows.map((finding) => asKnownFinding(finding, names.get(finding.repositoryId) ?? finding.repositoryId)), next: page.next };
};

const FILTERS = ['kind', 'severity', 'state', 'rule', 'path'] as const;

function filterOf(request: HarvesterFindingListRequest): Omit<FindingFilter, 'among'> {
  return Object.fromEntries(FILTERS.flatMap((field) => (request[field] === undefined ? [] : [[field, request[field]]])));
}

/** Lets a finding stay. A commit that the gate withheld because of it is harvested again. */
export const allowFinding = (deps: FindingDeps) => (request: HarvesterFindingAllowRequest, context: RpcContext): Promise<HarvesterFindingAllowResponse> => decide(deps, request, context, 'finding.allowed.v1');

/** Takes back that a finding may stay. */
export const revokeFinding = (deps: FindingDeps) => (request: HarvesterFindingAllowRequest, context: RpcContext): Promise<HarvesterFindingAllowResponse> => decide(deps, request, context, 'finding.revoked.v1');

async function decide(deps: FindingDeps, { repository: selector, findingId, reason }: HarvesterFindingAllowRequest, context: RpcContext, type: 'finding.allowed.v1' | 'finding.revoked.v1'): Promise<HarvesterFindingAllowResponse> {
  const { repositoryId, name } = await findRepository(deps.repositories, context, selector);
  const decided = await deps.database.transact(context, async (unit) => {
    const repository = await deps.repositories.lock(unit.manager, repositoryId);
    const finding = repository && (await deps.findings.lock(unit.manager, repositoryId, findingId));
    if (!finding) throw Fault.permanent('finding-not-found', `${name} has no finding ${findingId}: 'granary secrets list ${name}' shows all of them`);
    const decisionReason = type === 'finding.allowed.v1' ? reason : null;
    if (finding.decisionReason === decisionReason) return finding;
    const now = deps.now();
    await deps.findings.decide(unit.manager, finding, decisionReason, now);
    const changed = { ...finding, decisionReason, decidedAt: now };
    const causedBy = unit.announce({ type, key: repositoryId, data: { repositoryId, finding: asFinding(changed), reason } });
    // The graph holds who allowed what, and the gate may decide otherwise now.
    await requestHarvest(deps, unit, { repository, reason: 'manual', cause: context, causedBy });
    return changed;
  });
  deps.wake();
  deps.log.info({ repositoryId, findingId, rule: decided.rule, decision: type }, 'a finding was decided');
  return { finding: asKnownFinding(decided, name) };
}
