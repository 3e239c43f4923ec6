import { flagsOf, type AiFlag } from './flags';
import { hasEvidence, isTestFile, mayLeave, takesPrompt, type AiPostureInput, type PlacedCall } from './posture-input';
import { providersOfPackage } from './providers';
import { reasonsOf, type AiReason } from './reasons';

export type AiRisk = 'none' | 'low' | 'medium' | 'high' | 'critical';
export interface AiProviderUse {
  readonly provider: string;
  /** Calls that ask a model; building a client is none. */
  readonly calls: number;
  /** Files that call it, build a client for it, or speak of it. */
  readonly files: number;
  readonly models: readonly string[];
  readonly guarded: { readonly yes: number; readonly no: number; readonly unknown: number };
}

export interface AiPosture {
  readonly providers: readonly AiProviderUse[];
  /** 0 to 1, where 1 is safe: 1 less the weights of all reasons, at least 0. */
  readonly score: number;
  readonly risk: AiRisk;
  /** The heaviest first. */
  readonly reasons: readonly AiReason[];
  readonly flags: readonly AiFlag[];
  /** Shares from 0 to 1; null when there is nothing to cover. */
  readonly coverage: {
    /** Of calls that take a prompt: those with a guard in reach. A lower bound: a guard that could not be seen counts as none. */
    readonly guardrails: number | null;
    /** Of calls that may leave the machine: those with redaction in reach. A lower bound likewise. */
    readonly redaction: number | null;
    /** Of calls that leave the machine by a transport that is known: those by TLS. */
    readonly encryption: number | null;
  };
}

/**
 * Sums up how a repository uses AI. Pure and explained: every point that the score is short of 1 is the weight of a reason, and the README
 * lists the weights. The same input gives the same answer, whatever its order.
 */
export function assessAiPosture(input: AiPostureInput): AiPosture {
  const placed = input.files
    .filter(({ path }) => !isTestFile(path))
    .flatMap(({ path, calls }) => calls.filter(({ operation }) => operation !== 'client').map((call) => ({ ...call, path })))
    .sort(byPlace);
  const providers = providersOf(input);
  const reasons = reasonsOf(placed, input);
  const score = rounded(Math.max(0, 1 - reasons.reduce((sum, { weight }) => sum + weight, 0)));
  const isUsed = providers.length > 0 || reasons.length > 0;
  return { providers, score, risk: isUsed ? riskOf(score, reasons) : 'none', reasons, flags: flagsOf(placed, reasons), coverage: coverageOf(placed) };
}

const byPlace = (a: PlacedCall, b: PlacedCall): number => compare(a.path, b.path) || a.line - b.line || a.column - b.column;
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const rounded = (value: number): number => Math.round(value * 10_000) / 10_000;

function providersOf({ files, packages }: AiPostureInput): AiProviderUse[] {
  const uses = new Map<string, { calls: number; files: Set<string>; models: Set<string>; guarded: { yes: number; no: number; unknown: number } }>();
  const use = (provider: string) => {
    let found = uses.get(provider);
    if (found === undefined) uses.set(provider, (found = { calls: 0, files: new Set(), models: new Set(), guarded: { yes: 0, no: 0, unknown: 0 } }));
    return found;
  };
  for (const { path, calls, mentions = [] } of files) {
    for (const { provider, operation, model, guarded } of calls) {
      const found = use(provider);
      found.files.add(path);
      if (model !== null) found.models.add(model);
      if (operation === 'client') continue;
      found.calls += 1;
      found.guarded[guarded] += 1;
    }
    for (const { provider } of mentions) use(provider).files.add(path);
  }
  for (const reference of packages) for (const provider of providersOfPackage(reference)) use(provider);
  return [...uses]
    .map(([provider, { calls, files: paths, models, guarded }]) => ({ provider, calls, files: paths.size, models: [...models].sort(compare), guarded }))
    .sort((a, b) => compare(a.provider, b.provider));
}

/** A key of a provider in the source is never less than high, however good the rest is. */
function riskOf(score: number, reasons: readonly AiReason[]): AiRisk {
  if (score < 0.3) return 'critical';
  if (score < 0.55 || reasons.some(({ code, weight }) => code === 'provider-key-in-source' && weight > 0)) return 'high';
  return score < 0.8 ? 'medium' : 'low';
}

function coverageOf(calls: readonly PlacedCall[]): AiPosture['coverage'] {
  const leaving = calls.filter(mayLeave);
  return {
    guardrails: share(calls.filter(takesPrompt), ({ guarded }) => guarded === 'yes'),
    redaction: share(leaving, (call) => hasEvidence(call, 'redaction:')),
    encryption: share(leaving.filter((call) => hasEvidence(call, 'transport:http')), (call) => hasEvidence(call, 'transport:https')),
  };
}

const share = <T>(all: readonly T[], covered: (one: T) => boolean): number | null => (all.length === 0 ? null : rounded(all.filter(covered).length / all.length));
