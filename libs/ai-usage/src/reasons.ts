import { hasEvidence, isTestFile, mayLeave, takesPrompt, type AiPostureInput, type PlacedCall, type Severity } from './posture-input';

export type AiReasonCode =
  | 'provider-key-in-source'
  | 'secret-beside-call'
  | 'personal-data-beside-call'
  | 'plain-transport'
  | 'unguarded-call'
  | 'unguarded-agent'
  | 'guard-not-seen'
  | 'no-redaction'
  | 'unchecked-output'
  | 'no-token-limit'
  | 'unpinned-model';

export interface AiReason {
  readonly code: AiReasonCode;
  readonly message: string;
  /** What it takes from the score. */
  readonly weight: number;
  readonly path?: string;
  /** From 1. */
  readonly line?: number;
}

/** How much all reasons of one code take together at most. */
export const REASON_BOUNDS: Readonly<Record<AiReasonCode, number>> = {
  'provider-key-in-source': 0.5,
  'secret-beside-call': 0.2,
  'personal-data-beside-call': 0.25,
  'plain-transport': 0.3,
  'unguarded-call': 0.3,
  'unguarded-agent': 0.15,
  'guard-not-seen': 0.1,
  'no-redaction': 0.1,
  'unchecked-output': 0.05,
  'no-token-limit': 0.05,
  'unpinned-model': 0.05,
};

/** Reasons of one code that are listed one by one; the weight of the others stands in one line. */
export const MAX_REASONS = 50;

const KEY_WEIGHT: Readonly<Record<Severity, number>> = { high: 0.25, medium: 0.15, low: 0.05 };
const PERSONAL_WEIGHT: Readonly<Record<Severity, number>> = { high: 0.1, medium: 0.05, low: 0 };
/** Rules of secret scanners are named after whose key it is. */
const PROVIDER_KEYS = /openai|anthropic|claude|gemini|vertex|bedrock|hugging-?face|mistral|cohere|groq|together-?ai|replicate|perplexity|deepseek|xai\b|grok|fireworks|openrouter|cerebras|elevenlabs|deepgram|assemblyai|stability|voyage|langsmith|langchain/i;
const UNPINNED = /(?:^|[-:@/])latest$/;

/** Why a repository is not quite safe: each code's reasons, bounded, the heaviest first. */
export function reasonsOf(calls: readonly PlacedCall[], input: AiPostureInput): AiReason[] {
  const found = [...ofSecrets(calls, input), ...ofPersonalData(calls, input), ...calls.flatMap(ofCall)].filter(({ weight }) => weight > 0);
  const codes = Object.keys(REASON_BOUNDS) as AiReasonCode[];
  return codes.flatMap((code) => bounded(code, found.filter((reason) => reason.code === code).sort(heaviestFirst))).sort(heaviestFirst);
}

const text = (a = '', b = ''): number => (a < b ? -1 : a > b ? 1 : 0);
const heaviestFirst = (a: AiReason, b: AiReason): number => b.weight - a.weight || text(a.code, b.code) || text(a.path, b.path) || (a.line ?? 0) - (b.line ?? 0) || text(a.message, b.message);

/** Sums of fractions differ by the order of their parts, in places that nobody reads. */
const inMillionths = (weight: number): number => Math.round(weight * 1_000_000) / 1_000_000;

/** Scales the weights of one code down to its bound, and puts what is beyond the list in one line. */
function bounded(code: AiReasonCode, reasons: readonly AiReason[]): AiReason[] {
  const total = reasons.reduce((sum, { weight }) => sum + weight, 0);
  const scale = Math.min(1, REASON_BOUNDS[code] / total);
  const scaled = reasons.map((reason) => ({ ...reason, weight: inMillionths(reason.weight * scale) })).sort(heaviestFirst);
  if (scaled.length <= MAX_REASONS) return scaled;
  const others = scaled.slice(MAX_REASONS);
  const weight = others.reduce((sum, reason) => sum + reason.weight, 0);
  return [...scaled.slice(0, MAX_REASONS), { code, message: `${others.length} more of the same kind`, weight: inMillionths(weight) }];
}

function ofSecrets(calls: readonly PlacedCall[], { secrets }: AiPostureInput): AiReason[] {
  const calling = new Set(calls.map(({ path }) => path));
  return secrets
    .filter(({ path }) => !isTestFile(path))
    .map(({ rule, severity, path }) =>
      PROVIDER_KEYS.test(rule)
        ? { code: 'provider-key-in-source', message: `a key of an AI provider is in the source (${rule})`, weight: KEY_WEIGHT[severity], path }
        : { code: 'secret-beside-call', message: `a secret is in a file that calls a model (${rule})`, weight: calling.has(path) && severity !== 'low' ? 0.1 : 0, path },
    );
}

function ofPersonalData(calls: readonly PlacedCall[], { personalData }: AiPostureInput): AiReason[] {
  const leaving = calls.filter(mayLeave);
  const calling = new Set(leaving.map(({ path }) => path));
  const real = personalData.filter(({ path, severity }) => !isTestFile(path) && severity !== 'low');
  const beside = real.filter(({ path }) => calling.has(path)).map(({ rule, severity, path }): AiReason => ({ code: 'personal-data-beside-call', message: `personal data (${rule}) is in a file that sends data to a provider`, weight: PERSONAL_WEIGHT[severity], path }));
  const isUnredacted = real.length > 0 && leaving.length > 0 && !leaving.some((call) => hasEvidence(call, 'redaction:'));
  return isUnredacted ? [...beside, { code: 'no-redaction', message: 'the repository has personal data and calls providers, and no call has redaction in reach', weight: 0.1 }] : beside;
}

const withArticle = (word: string): string => `${/^[aeiou]/.test(word) ? 'an' : 'a'} ${word}`;

function ofCall(call: PlacedCall): AiReason[] {
  const { provider, operation, guarded, model, path, line } = call;
  const reasons: AiReason[] = [];
  const add = (code: AiReasonCode, message: string, weight: number): void => void reasons.push({ code, message, weight, path, line });
  if (mayLeave(call) && call.evidence.includes('transport:http')) add('plain-transport', `data goes to ${provider} without TLS`, 0.15);
  if (takesPrompt(call) && guarded === 'no') add('unguarded-call', `${withArticle(operation)} call to ${provider} has no guard in reach`, 0.05);
  if (takesPrompt(call) && guarded === 'unknown') add('guard-not-seen', `no guard of ${withArticle(operation)} call by ${call.sdk} could be seen; it may be set up elsewhere`, 0.01);
  if (operation === 'agent' && guarded !== 'yes') add('unguarded-agent', `an agent of ${call.sdk} may act without a guard`, 0.05);
  if ((operation === 'chat' || operation === 'completion') && !hasEvidence(call, 'weak:output-schema')) add('unchecked-output', `the answer of ${provider} is not asked for by a schema`, 0.01);
  if ((operation === 'chat' || operation === 'completion') && !hasEvidence(call, 'weak:max-tokens')) add('no-token-limit', `the answer of ${provider} has no limit of tokens`, 0.005);
  if (model !== null && UNPINNED.test(model)) add('unpinned-model', `the model ${model} changes without a change here`, 0.01);
  return reasons;
}
