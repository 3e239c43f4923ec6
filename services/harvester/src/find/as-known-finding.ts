import type { Finding, KnownFinding } from '@granary/contracts';
import type { FindingEntity } from '../store/finding.entity';

/** A finding as it stands, with what allows it: a comment in the file comes before a decision. */
export function asFinding(entity: FindingEntity): Finding {
  const { findingId: id, kind, rule, severity, path, line, column, endLine, endColumn, hash, preview } = entity;
  return { id, kind, rule, severity, path, line, column, endLine, endColumn, hash, preview, allowed: allowanceOf(entity) };
}

function allowanceOf({ inlineReason, decisionReason }: Pick<FindingEntity, 'inlineReason' | 'decisionReason'>): Finding['allowed'] {
  if (inlineReason !== null) return { by: 'inline', reason: inlineReason };
  return decisionReason === null ? null : { by: 'decision', reason: decisionReason };
}

/** A finding as callers see it. */
export function asKnownFinding(entity: FindingEntity, repository: string): KnownFinding {
  const finding = asFinding(entity);
  const { repositoryId, firstSeenCommit, firstSeenAt, resolvedAt } = entity;
  return {
    repositoryId,
    repository,
    state: resolvedAt !== null ? 'resolved' : finding.allowed === null ? 'open' : 'allowed',
    finding,
    firstSeenCommit,
    firstSeenAt: firstSeenAt.toISOString(),
    resolvedAt: resolvedAt?.toISOString() ?? null,
  };
}
