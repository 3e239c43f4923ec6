import type {
  AiModelInvokedV1Data,
  AiOutputRejectedV1Data,
  AiRecord,
  AiUsageAssessedV1Data,
  EventType,
  FindingSummarizedV1Data,
  HarvestBlockedV1Data,
  PiiHandledV1Data,
  SafetyCheckedV1Data,
} from '@granary/contracts';
import { checkEvent } from '@granary/contracts';
import type { Position } from '../record/position';
import type { Usage } from './price';

/** A row of the event log, as the AI audit reads it. */
export interface LoggedRow {
  readonly position: Position;
  readonly storedAt: Date;
  readonly tenant: string;
  readonly type: string;
  readonly key: string;
  readonly eventId: string;
  readonly source: string;
  readonly correlationId: string;
  readonly body: string;
}

/** What an event tells of the use of AI, before anything has a price. */
export interface AiFact extends Omit<LoggedRow, 'body'> {
  readonly kind: AiRecord['kind'];
  readonly provider: string | null;
  readonly model: string | null;
  readonly operation: string | null;
  readonly outcome: string;
  readonly risk: AiRecord['risk'];
  readonly score: number | null;
  readonly repositoryId: string | null;
  readonly invocationId: string | null;
  readonly latencyMs: number | null;
  readonly items: number | null;
  readonly usage: Usage;
  readonly reportedNanoDollars: bigint | null;
  /** What is counted beside the sums: categories, reasons, flags. */
  readonly labels: readonly { readonly label: string; readonly count: number }[];
  /** What else the event says: hashes, numbers and names. */
  readonly detail: Readonly<Record<string, unknown>>;
}

export type Reading = { readonly state: 'read'; readonly fact: AiFact } | { readonly state: 'unreadable'; readonly why: string };

/** What an event of a type means, without what every event has. */
type Meaning = Omit<AiFact, keyof LoggedRow>;

const NOTHING: Omit<Meaning, 'kind' | 'outcome' | 'detail'> = {
  provider: null, model: null, operation: null, risk: null, score: null, repositoryId: null, invocationId: null, latencyMs: null, items: null, usage: {}, reportedNanoDollars: null, labels: [],
};

const MEANINGS = {
  'ai.model-invoked.v1': ({ invocationId, provider, model, operation, status, latencyMs, usage, cost, context, ...detail }: AiModelInvokedV1Data): Meaning => ({
    ...NOTHING,
    kind: 'invocation', outcome: status, provider, model, operation, invocationId, latencyMs, usage: usageOf(usage),
    repositoryId: context?.repositoryId ?? null,
    reportedNanoDollars: cost === undefined ? null : BigInt(cost.nanoDollars),
    detail: { ...detail, ...(cost && { reportedPriceTable: cost.priceTable }), ...(context && { context }) },
  }),
  'safety.checked.v1': ({ stage, score, risk, verdict, invocationId, latencyMs, context, ...detail }: SafetyCheckedV1Data): Meaning => ({
    ...NOTHING,
    kind: 'safety-check', outcome: verdict, operation: stage, score, risk,
    invocationId: invocationId ?? null, latencyMs: latencyMs ?? null, repositoryId: context?.repositoryId ?? null,
    labels: [{ label: `stage ${stage}`, count: 1 }],
    detail: { ...detail, ...(context && { context }) },
  }),
  'pii.handled.v1': ({ stage, handled, invocationId, context, ...detail }: PiiHandledV1Data): Meaning => ({
    ...NOTHING,
    kind: 'pii-handling', operation: stage, invocationId: invocationId ?? null, repositoryId: context?.repositoryId ?? null,
    outcome: handled.some(({ action, count }) => action === 'allowed' && count > 0) ? 'allowed' : 'handled',
    items: sum(handled.map(({ count }) => count)),
    labels: handled.map(({ category, action, count }) => ({ label: `${category} ${action}`, count })),
    detail: { ...detail, handled, ...(context && { context }) },
  }),
  'ai.output-rejected.v1': ({ invocationId, provider, model, reasons, action, context, ...detail }: AiOutputRejectedV1Data): Meaning => ({
    ...NOTHING,
    kind: 'rejected-output', outcome: action, provider, model, invocationId, items: reasons.length, repositoryId: context?.repositoryId ?? null,
    labels: reasons.map(({ check, code }) => ({ label: `${check} ${code}`, count: 1 })),
    detail: { ...detail, reasons, ...(context && { context }) },
  }),
  'ai-usage.assessed.v1': ({ repositoryId, commit, posture }: AiUsageAssessedV1Data): Meaning => ({
    ...NOTHING,
    kind: 'harvest-safety', outcome: 'assessed', risk: posture.risk, score: posture.score, repositoryId,
    labels: posture.flags.map((flag) => ({ label: `flag ${flag}`, count: 1 })),
    detail: { commit, coverage: posture.coverage, flags: posture.flags, providers: posture.providers.map(({ provider, calls }) => ({ provider, calls })) },
  }),
  'finding.summarized.v1': ({ repositoryId, commit, jobId, counts, detected, resolved }: FindingSummarizedV1Data): Meaning => ({
    ...NOTHING,
    kind: 'harvest-safety', outcome: 'changed', risk: riskOf(counts), repositoryId, items: open(counts),
    detail: { commit, jobId, counts, detected, resolved },
  }),
  'harvest.blocked.v1': ({ repositoryId, commit, jobId, counts }: HarvestBlockedV1Data): Meaning => ({
    ...NOTHING,
    kind: 'harvest-safety', outcome: 'withheld', risk: riskOf(counts), repositoryId, items: open(counts),
    detail: { commit, jobId, counts },
  }),
} as const satisfies Partial<Record<EventType, (data: never) => Meaning>>;

/** Event types that tell of the use of AI. */
export const AI_TYPES = Object.keys(MEANINGS) as (keyof typeof MEANINGS)[];

/** Reads one of `AI_TYPES`. Who an event belongs to is what the broker let pass; what breaks its contract is unreadable. */
export function readAiFact({ body, ...row }: LoggedRow): Reading {
  const parsed = parse(body);
  const checked = checkEvent(parsed, 'tolerant');
  if (!checked.ok) return { state: 'unreadable', why: checked.problems[0] ?? 'it is no event' };
  if (checked.event.type !== row.type) return { state: 'unreadable', why: `its subject says ${row.type}, it says ${checked.event.type}` };
  const meaning = MEANINGS[row.type as keyof typeof MEANINGS] as (data: unknown) => Meaning;
  return { state: 'read', fact: { ...row, ...meaning(checked.event.data) } };
}

function parse(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return /\\u(?:0000|d[89a-f])/i.test(text) ? storable(value) : value;
  } catch {
    return null;
  }
}

/** Without what PostgreSQL has no place for: U+0000, and halves of surrogate pairs. */
function storable(value: unknown): unknown {
  if (typeof value === 'string') return value.toWellFormed().replaceAll('\0', '\ufffd');
  if (Array.isArray(value)) return value.map(storable);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [storable(name), storable(inner)]));
}

/** Kinds that are newer than this contract are kept, and make it unpriced; what is no number of tokens is none. */
function usageOf(usage: object): Usage {
  return Object.fromEntries(Object.entries(usage).filter(([kind, tokens]) => kind !== '' && Number.isSafeInteger(tokens) && tokens >= 0).map(([kind, tokens]) => [kind.slice(0, 128), tokens as number]));
}

type Counts = HarvestBlockedV1Data['counts'];

/** As the gate looks at it: an open secret of high severity is what withholds a commit. */
function riskOf({ secrets, personalData }: Counts): NonNullable<AiRecord['risk']> {
  if (secrets.high > 0) return 'high';
  if (secrets.medium > 0 || personalData.high > 0) return 'medium';
  return open({ secrets, personalData }) > 0 ? 'low' : 'none';
}

const open = ({ secrets, personalData }: Pick<Counts, 'secrets' | 'personalData'>): number => sum([...Object.values(secrets), ...Object.values(personalData)]);

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
