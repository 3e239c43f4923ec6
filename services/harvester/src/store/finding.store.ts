import type { Finding } from '@granary/contracts';
import { idsOf, type Repositories } from '@granary/messaging';
import type { Database } from '@granary/persistence';
import type { EntityManager } from 'typeorm';
import { FindingEntity } from './finding.entity';

export interface FindingFilter {
  readonly among: Repositories;
  readonly kind?: Finding['kind'];
  readonly severity?: Finding['severity'];
  readonly state?: 'open' | 'allowed' | 'resolved';
  readonly rule?: string;
  /** The beginning of a path. */
  readonly path?: string;
}

const STATES = {
  resolved: 'finding.resolved_at is not null',
  allowed: 'finding.resolved_at is null and (finding.inline_reason is not null or finding.decision_reason is not null)',
  open: 'finding.resolved_at is null and finding.inline_reason is null and finding.decision_reason is null',
} as const;

/** The findings of repositories. Rows stay when a finding is gone: what was decided about it holds when it comes back. */
export class FindingStore {
  constructor(private readonly database: Pick<Database, 'of'>) {}

  /** Every finding that a repository has or had. */
  async of(tenant: string, repositoryId: string): Promise<FindingEntity[]> {
    return this.database.of(tenant).findBy(FindingEntity, { repositoryId });
  }

  async lock(manager: EntityManager, repositoryId: string, findingId: string): Promise<FindingEntity | null> {
    return manager.findOne(FindingEntity, { where: { repositoryId, findingId }, lock: { mode: 'pessimistic_write' } });
  }

  async decide(manager: EntityManager, { repositoryId, findingId }: FindingEntity, decisionReason: string | null, decidedAt: Date): Promise<void> {
    await manager.update(FindingEntity, { repositoryId, findingId }, { decisionReason, decidedAt });
  }

  /** Findings of a tenant, newest first, those before the number given. */
  async list(tenant: string, filter: FindingFilter, before: string | null, limit: number): Promise<FindingEntity[]> {
    const query = this.database.of(tenant).createQueryBuilder(FindingEntity, 'finding').where('finding.tenant = :tenant', { tenant });
    const ids = idsOf(filter.among);
    if (ids !== null) query.andWhere('finding.repositoryId = any(:ids)', { ids });
    for (const field of ['kind', 'severity', 'rule'] as const) if (filter[field] !== undefined) query.andWhere(`finding.${field} = :${field}`, { [field]: filter[field] });
    if (filter.path !== undefined) query.andWhere('starts_with(finding.path, :path)', { path: filter.path });
    if (filter.state !== undefined) query.andWhere(STATES[filter.state]);
    if (before !== null) query.andWhere('finding.number < :before', { before });
    return query.orderBy('finding.number', 'DESC').take(limit).getMany();
  }

  /** Writes findings that are new, that moved, or that are back. */
  async save(manager: EntityManager, at: { repositoryId: string; tenant: string; commit: string }, findings: readonly Finding[], seenAt: Date): Promise<void> {
    for (let start = 0; start < findings.length; start += AT_ONCE) {
      const rows = findings.slice(start, start + AT_ONCE).map((finding) => ({ ...finding, inline_reason: finding.allowed?.by === 'inline' ? finding.allowed.reason : null }));
      await manager.query(
        `insert into findings (repository_id, tenant, first_seen_commit, first_seen_at, finding_id, kind, rule, severity, path, line, "column", end_line, end_column, hash, preview, inline_reason)
         select $1, $2, $3, $4, id, kind, rule, severity, path, line, "column", "endLine", "endColumn", hash, preview, inline_reason
         from jsonb_to_recordset($5) as row (id text, kind text, rule text, severity text, path text, line integer, "column" integer, "endLine" integer, "endColumn" integer, hash text, preview text, inline_reason text)
         on conflict (repository_id, finding_id) do update
         set severity = excluded.severity, line = excluded.line, "column" = excluded."column", end_line = excluded.end_line, end_column = excluded.end_column,
             preview = excluded.preview, inline_reason = excluded.inline_reason, resolved_at = null`,
        [at.repositoryId, at.tenant, at.commit, seenAt, JSON.stringify(rows)],
      );
    }
  }

  async resolve(manager: EntityManager, repositoryId: string, ids: readonly string[], resolvedAt: Date): Promise<void> {
    if (ids.length === 0) return;
    await manager.query('update findings set resolved_at = $2 where repository_id = $1 and finding_id = any($3)', [repositoryId, resolvedAt, ids]);
  }
}

const AT_ONCE = 1_000;
