import type { AiFact } from './ai-record';
import type { Cost } from './price';

/** A fact with its cost, where it is a call. */
export interface PricedFact extends AiFact {
  readonly cost: Cost | null;
  readonly priceTable: string | null;
}

/** What days are told apart by. No provider, model, repository or risk is an empty text. */
export interface SumKey {
  readonly tenant: string;
  /** `2026-03-02`, in UTC. */
  readonly day: string;
  readonly kind: string;
  readonly provider: string;
  readonly model: string;
  readonly repositoryId: string;
  readonly risk: string;
  readonly outcome: string;
}

/** The kinds of tokens that have a column of their own; other kinds are in the records. */
export const TOKEN_KINDS = ['input', 'output', 'cache_read.input', 'cache_write.input', 'reasoning.output'] as const;

/** Sums of records that are alike. Bigints, because what publishers report has no bound. Scores are in millionths. */
export interface DaySum extends SumKey {
  events: bigint;
  unpriced: bigint;
  cost: bigint;
  reported: bigint;
  tokens: Record<(typeof TOKEN_KINDS)[number], bigint>;
  timed: bigint;
  latency: bigint;
  longest: bigint | null;
  scored: bigint;
  score: bigint;
  lowest: bigint | null;
  items: bigint;
}

/** How often something was on a day. */
export interface LabelCount {
  readonly tenant: string;
  readonly day: string;
  readonly kind: string;
  readonly repositoryId: string;
  readonly label: string;
  count: bigint;
}

export interface Sums {
  readonly days: DaySum[];
  readonly labels: LabelCount[];
}

/** The day of a moment, in UTC. */
export const dayOf = (moment: Date): string => moment.toISOString().slice(0, 10);

/** What records add to the sums of their days. */
export function sumsOf(facts: readonly PricedFact[]): Sums {
  const [days, labels] = [new Map<string, DaySum>(), new Map<string, LabelCount>()];
  for (const fact of facts) {
    addFact(into(days, keyOf(fact), emptySum), fact);
    for (const { label, count } of labelsOf(fact)) addLabel(labels, fact, label, BigInt(count));
  }
  return { days: [...days.values()], labels: [...labels.values()] };
}

/** What changes when records get another cost; everything else of them stays. */
export function repricedSums(changes: readonly { readonly before: PricedFact; readonly after: PricedFact }[]): Sums {
  const [days, labels] = [new Map<string, DaySum>(), new Map<string, LabelCount>()];
  for (const { before, after } of changes) {
    const day = into(days, keyOf(after), emptySum);
    day.cost += nanoDollarsOf(after) - nanoDollarsOf(before);
    day.unpriced += unpricedOf(after) - unpricedOf(before);
    for (const label of unpricedLabel(before)) addLabel(labels, before, label, -1n);
    for (const label of unpricedLabel(after)) addLabel(labels, after, label, 1n);
  }
  return { days: [...days.values()], labels: [...labels.values()].filter(({ count }) => count !== 0n) };
}

/** Reads `<reason> <provider> <model>`; the model comes last, since it may have anything in it. */
export function readUnpricedLabel(label: string): { reason: string; provider: string; model: string } {
  const [reason = '', provider = '', ...model] = label.split(' ');
  return { reason, provider, model: model.join(' ') };
}

function keyOf({ tenant, storedAt, kind, provider, model, repositoryId, risk, outcome }: AiFact): SumKey {
  return { tenant, day: dayOf(storedAt), kind, provider: provider ?? '', model: model ?? '', repositoryId: repositoryId ?? '', risk: risk ?? '', outcome };
}

function into<K extends object, V>(sums: Map<string, V>, key: K, empty: (key: K) => V): V {
  const text = JSON.stringify(Object.values(key));
  const found = sums.get(text) ?? empty(key);
  sums.set(text, found);
  return found;
}

const emptySum = (key: SumKey): DaySum => ({
  ...key,
  events: 0n, unpriced: 0n, cost: 0n, reported: 0n, tokens: { input: 0n, output: 0n, 'cache_read.input': 0n, 'cache_write.input': 0n, 'reasoning.output': 0n },
  timed: 0n, latency: 0n, longest: null, scored: 0n, score: 0n, lowest: null, items: 0n,
});

function addFact(day: DaySum, fact: PricedFact): void {
  day.events += 1n;
  day.unpriced += unpricedOf(fact);
  day.cost += nanoDollarsOf(fact);
  day.reported += fact.reportedNanoDollars ?? 0n;
  day.items += BigInt(fact.items ?? 0);
  for (const kind of TOKEN_KINDS) day.tokens[kind] += BigInt(fact.usage[kind] ?? 0);
  if (fact.latencyMs !== null) addLatency(day, BigInt(fact.latencyMs));
  if (fact.score !== null) addScore(day, BigInt(Math.round(fact.score * 1_000_000)));
}

function addLatency(day: DaySum, ms: bigint): void {
  day.timed += 1n;
  day.latency += ms;
  if (day.longest === null || ms > day.longest) day.longest = ms;
}

function addScore(day: DaySum, millionths: bigint): void {
  day.scored += 1n;
  day.score += millionths;
  if (day.lowest === null || millionths < day.lowest) day.lowest = millionths;
}

function addLabel(labels: Map<string, LabelCount>, { tenant, storedAt, kind, repositoryId }: AiFact, label: string, count: bigint): void {
  into(labels, { tenant, day: dayOf(storedAt), kind, repositoryId: repositoryId ?? '', label }, (key) => ({ ...key, count: 0n })).count += count;
}

const labelsOf = (fact: PricedFact): readonly { label: string; count: number }[] => [...fact.labels, ...unpricedLabel(fact).map((label) => ({ label, count: 1 }))];

function unpricedLabel({ cost, provider, model }: PricedFact): string[] {
  return cost?.state === 'unpriced' ? [`unpriced ${cost.reason} ${provider ?? ''} ${model ?? ''}`] : [];
}

const nanoDollarsOf = ({ cost }: PricedFact): bigint => (cost?.state === 'priced' ? cost.nanoDollars : 0n);
const unpricedOf = ({ cost }: PricedFact): bigint => (cost?.state === 'unpriced' ? 1n : 0n);
