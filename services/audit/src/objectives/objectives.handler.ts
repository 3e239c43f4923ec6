import type { AuditObjectiveReportRequest, AuditObjectiveReportResponse, AuditObjectiveShowRequest, AuditObjectiveShowResponse } from '@granary/contracts';
import { serve, type RpcContext, type RpcHandler } from '@granary/messaging';
import type { Database } from '@granary/persistence';
import { PLATFORM_TENANT } from '@granary/security';
import { readMoment } from '../search/moment';
import type { ObjectiveStore } from '../store/objective.store';

export interface ObjectiveDeps {
  readonly database: Pick<Database, 'transact'>;
  readonly store: Pick<ObjectiveStore, 'sums'>;
  readonly now: () => Date;
}

export const objectiveRpcs = (deps: ObjectiveDeps): RpcHandler[] => [serve('audit.objective.report', announceTally(deps)), serve('audit.objective.show', showObjectives(deps))];

/** The objectives are the platform's, whoever's requests and repositories they count. */
const announceTally = ({ database }: ObjectiveDeps) => async (tally: AuditObjectiveReportRequest, { correlationId, caller }: RpcContext): Promise<AuditObjectiveReportResponse> => {
  const service = caller ?? 'unknown';
  await database.transact({ tenant: PLATFORM_TENANT, correlationId }, async ({ announce }) => {
    announce({ type: 'objective.tallied.v1', key: service, data: { service, ...tally } });
  });
  return {};
};

const showObjectives = ({ store, now }: ObjectiveDeps) => async ({ since, until }: AuditObjectiveShowRequest): Promise<AuditObjectiveShowResponse> => {
  const { first, last, objectives } = await store.sums(readMoment(since), until === undefined ? now() : readMoment(until));
  return { first: first?.toISOString() ?? null, last: last?.toISOString() ?? null, objectives: [...objectives] };
};
