import type { AiCall, Finding } from '@granary/contracts';
import type { ProviderUse } from '../store/ai-usage.store';
import type { FindingEntity } from '../store/finding.entity';

/** How the findings of a commit differ from what was known. */
export interface FindingDifferences {
  /** New, or back. */
  readonly detected: readonly Finding[];
  /** Gone since the last harvest. */
  readonly resolved: readonly FindingEntity[];
  /** Everything to be written: detected, and what is known but stands elsewhere or is judged otherwise now. */
  readonly changed: readonly Finding[];
}

/** Compares what a commit holds with what is known of its repository. */
export function findingDifferences(known: readonly FindingEntity[], found: readonly Finding[]): FindingDifferences {
  const byId = new Map(known.map((finding) => [finding.findingId, finding]));
  const present = new Set(found.map(({ id }) => id));
  const isThere = (id: string): boolean => byId.get(id)?.resolvedAt === null;
  return {
    detected: found.filter(({ id }) => !isThere(id)),
    resolved: known.filter(({ findingId, resolvedAt }) => resolvedAt === null && !present.has(findingId)),
    changed: found.filter((finding) => !isThere(finding.id) || differs(byId.get(finding.id) as FindingEntity, finding)),
  };
}

function differs(known: FindingEntity, found: Finding): boolean {
  const inlineReason = found.allowed?.by === 'inline' ? found.allowed.reason : null;
  return known.inlineReason !== inlineReason || (['line', 'column', 'endLine', 'endColumn', 'severity', 'preview'] as const).some((field) => known[field] !== found[field]);
}

/** How the use of AI differs from what was known. */
export interface UsageDifferences {
  /** New, or otherwise than before in more than their lines. */
  readonly detected: readonly ProviderUse[];
  readonly removed: readonly ProviderUse[];
  /** Everything to be written. */
  readonly changed: readonly ProviderUse[];
}

/** Compares the calls of a commit with those known. A call that only moved to another line is no news. */
export function usageDifferences(known: readonly ProviderUse[], found: readonly ProviderUse[]): UsageDifferences {
  const before = new Map(known.map((use) => [keyOf(use), use]));
  const after = new Set(found.map(keyOf));
  return {
    detected: found.filter((use) => essence(before.get(keyOf(use))?.calls) !== essence(use.calls)),
    removed: known.filter((use) => !after.has(keyOf(use))),
    changed: found.filter((use) => JSON.stringify(sorted(before.get(keyOf(use))?.calls ?? [])) !== JSON.stringify(sorted(use.calls))),
  };
}

const keyOf = ({ path, provider }: ProviderUse): string => `${path}\n${provider}`;

// Keys in one order: the database gives objects back in another.
const sorted = (calls: readonly AiCall[]): unknown[] => calls.map(({ line, column, ...rest }) => [line, column, ...essentials(rest)]);

const essentials = ({ sdk, operation, model, guarded, evidence }: Omit<AiCall, 'line' | 'column'>): unknown[] => [sdk, operation, model, guarded, evidence];

const essence = (calls: readonly AiCall[] | undefined): string | null => (calls === undefined ? null : JSON.stringify(calls.map(essentials)));

/** The calls of files, by provider. */
export function usesOf(files: readonly { path: string; calls: readonly AiCall[] }[]): ProviderUse[] {
  return files.flatMap(({ path, calls }) => [...Map.groupBy(calls, ({ provider }) => provider)].map(([provider, ofProvider]) => ({ path, provider, calls: ofProvider })));
}
