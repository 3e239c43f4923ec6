import type { AiCall as ContractCall, AiPosture, FindingCounts } from '@granary/contracts';
import { assessAiPosture } from '@granary/ai-usage';
import type { AiCall } from '@granary/ai-usage';
import type { Found, ScannedFile } from '@granary/extract';
import type { UnitOfWork } from '@granary/messaging';
import { noteArtifacts } from '@granary/persistence';
import type { Artifact } from '../harvest/artifact';
import { pressArtifact, refOf } from '../harvest/artifact';
import type { AiUsageStore } from '../store/ai-usage.store';
import type { ArtifactStore } from '../store/artifact.store';
import type { FindingEntity } from '../store/finding.entity';
import type { FindingStore } from '../store/finding.store';
import type { RepositoryEntity } from '../store/repository.entity';
import type { FindingDifferences, UsageDifferences } from './differences';
import { findingDifferences, usageDifferences, usesOf } from './differences';

export const DIFFERENCES_MEDIA_TYPE = 'application/vnd.granary.finding-differences+json;version=1';

export interface NewsDeps {
  readonly findings: FindingStore;
  readonly usage: AiUsageStore;
  readonly artifacts: ArtifactStore;
}

/** What a harvest found, as far as it is compared here. */
export interface Harvested {
  /** Every finding that the repository has or had. */
  readonly known: readonly FindingEntity[];
  readonly found: Found;
  readonly files: readonly ScannedFile[];
  /** Package URLs of what the manifests ask for. */
  readonly packages: readonly string[];
}

/** What is new about findings and the use of AI. */
export interface News {
  readonly findings: FindingDifferences;
  readonly usage: UsageDifferences;
  /** The posture, when it differs from the one before. */
  readonly posture: AiPosture | null;
  /** All differences, when there are too many to announce each. */
  readonly differences: Artifact | null;
}

// More than these become one artifact.
const MAX_ANNOUNCED = 500;

/** Compares what a commit holds with what is known; nothing else writes there while the repository's harvest runs. */
export async function newsOf({ usage: uses }: Pick<NewsDeps, 'usage'>, { tenant, repositoryId }: RepositoryEntity, commit: string, { known, found: { findings: found, aiUsage }, files, packages }: Harvested): Promise<News> {
  const languages = aiUsage.length === 0 ? new Map<string, string | null>() : new Map(files.map(({ path, language }) => [path, language]));
  const findings = findingDifferences(known, found);
  const [usesBefore, before] = await Promise.all([uses.of(tenant, repositoryId), uses.posture(tenant, repositoryId)]);
  const usage = usageDifferences(usesBefore, usesOf(aiUsage));
  const open = found.filter(({ allowed }) => allowed === null);
  const posture = asPosture(
    assessAiPosture({
      files: aiUsage.map(({ path, calls }) => ({ path, language: languages.get(path) ?? '', calls: calls.map(asUsed) })),
      secrets: open.filter(({ kind }) => kind === 'secret'),
      personalData: open.filter(({ kind }) => kind === 'personal-data'),
      packages,
    }),
  );
  const { detected, resolved } = findings;
  const many = detected.length + resolved.length > MAX_ANNOUNCED;
  return {
    findings,
    usage,
    posture: before !== null && sameJson(before.posture, posture) ? null : posture,
    differences: many ? await pressArtifact(DIFFERENCES_MEDIA_TYPE, [JSON.stringify({ version: 1, repositoryId, commit, detected, resolved: resolved.map(({ findingId: id, rule, severity, path }) => ({ id, rule, severity, path })) })]) : null,
  };
}

// The contract of the posture names at most a hundred reasons; they are sorted by weight.
const asPosture = ({ providers, score, risk, reasons, flags, coverage }: ReturnType<typeof assessAiPosture>): AiPosture => ({
  score, risk, coverage,
  reasons: reasons.slice(0, 100).map(({ code, message, weight, path, line }) => ({ code, message, weight, ...(path === undefined ? {} : { path }), ...(line === undefined ? {} : { line }) })),
  flags: flags.slice(0, 100),
  providers: providers.slice(0, 200).map((provider) => ({ ...provider, models: provider.models.slice(0, 200) })),
});

const asUsed = (call: ContractCall): AiCall => ({ ...call, operation: call.operation as AiCall['operation'] });

const sameJson = (a: unknown, b: unknown): boolean => JSON.stringify(inOrder(a)) === JSON.stringify(inOrder(b));

// The database gives the keys of an object back in an order of its own.
function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== 'object' || value === null) return value;
  return Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, inner]) => [key, inOrder(inner)]);
}

export interface NewsAbout {
  readonly repository: RepositoryEntity;
  readonly commit: string;
  readonly jobId: string;
  readonly counts: FindingCounts;
}

/** Writes and announces the news. */
export async function tellNews({ findings: store, usage: uses, artifacts }: NewsDeps, unit: UnitOfWork, about: NewsAbout, { findings, usage, posture, differences }: News, now: Date): Promise<void> {
  const { repository, repository: { repositoryId, tenant }, commit, jobId, counts } = about;
  const at = { repositoryId, commit };
  const key = repositoryId;
  await store.save(unit.manager, { ...at, tenant }, findings.changed, now);
  await store.resolve(unit.manager, repositoryId, findings.resolved.map(({ findingId }) => findingId), now);
  await uses.save(unit.manager, repository, usage);
  if (posture !== null) await uses.savePosture(unit.manager, repository, { commit, posture });
  if (differences !== null) await artifacts.keep(unit.manager, repository, differences, now);

  const [detected, resolved] = [findings.detected.length, findings.resolved.length];
  if (detected + resolved > 0) {
    const type = 'finding.summarized.v1';
    const id = unit.announce({ type, key, data: { ...at, jobId, counts, detected, resolved, differences: differences && refOf(differences) } });
    if (differences !== null) await noteArtifacts(unit.manager, tenant, { type, id }, [differences.digest]);
  }
  if (differences === null) {
    for (const finding of findings.detected) unit.announce({ type: finding.kind === 'secret' ? 'secret.detected.v1' : 'pii.detected.v1', key, data: { ...at, finding } });
    for (const { findingId: id, kind, rule, severity, path } of findings.resolved) unit.announce({ type: kind === 'secret' ? 'secret.resolved.v1' : 'pii.resolved.v1', key, data: { ...at, id, rule, severity, path } });
  }
  for (const { path, provider, calls } of usage.detected) unit.announce({ type: 'ai-usage.detected.v1', key, data: { ...at, path, provider, calls: calls.slice(0, MAX_CALLS), total: calls.length } });
  for (const { path, provider } of usage.removed) unit.announce({ type: 'ai-usage.removed.v1', key, data: { ...at, path, provider } });
  // A repository that has nothing to do with AI, now and before, needs no word about it.
  if (posture !== null && (posture.risk !== 'none' || usage.removed.length > 0)) unit.announce({ type: 'ai-usage.assessed.v1', key, data: { ...at, posture } });
}

// What the contract allows in one event; the graph holds all of them.
const MAX_CALLS = 100;
