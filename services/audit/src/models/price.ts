import type { ModelPrices, UnpricedCalls } from '@granary/contracts';

/** Tokens by kind, as they were reported. */
export type Usage = Readonly<Record<string, number>>;

export type UnpricedReason = UnpricedCalls['reason'];

/** Tokens of one kind and what they were charged at. */
export interface Charge {
  readonly kind: string;
  readonly tokens: number;
  readonly dollarsPerMillion: string;
}

export type Cost =
  /** `nanoDollars`: billionths of a dollar, rounded once, half up. */
  | { readonly state: 'priced'; readonly nanoDollars: bigint; readonly charges: readonly Charge[] }
  | { readonly state: 'unpriced'; readonly reason: UnpricedReason };

type Prices = ModelPrices['prices'];

/** The kinds that include all others of their side. */
const WHOLES = ['input', 'output'] as const;
const MILLION = 1_000_000n;

/**
 * What a use of tokens costs. Nothing is guessed: a kind that was used and has no price, a whole that has a price and was
 * not reported, and parts that are more than their whole leave the call without a cost.
 */
export function costOf(usage: Usage, prices: Prices): Cost {
  if (WHOLES.some((whole) => usage[whole] === undefined && prices[whole] !== undefined) || Object.keys(usage).length === 0) return unpriced('usage-not-reported');
  const charged = WHOLES.flatMap((whole) => chargedOf(whole, usage));
  if (charged.some(({ tokens }) => tokens < 0)) return unpriced('usage-contradicts');
  const priced = charged.filter(({ tokens }) => tokens > 0).map(({ kind, tokens }) => ({ kind, tokens, dollarsPerMillion: priceOf(prices, kind) }));
  const known = priced.filter((charge): charge is Charge => charge.dollarsPerMillion !== undefined);
  if (known.length < priced.length || hasOtherKinds(usage)) return unpriced('unknown-kind');
  const sum = known.reduce((total, { tokens, dollarsPerMillion }) => total + BigInt(tokens) * nanoDollarsPerMillion(dollarsPerMillion), 0n);
  return { state: 'priced', nanoDollars: (sum + MILLION / 2n) / MILLION, charges: known };
}

/** A price of the contracts, dollars for a million tokens as a decimal text, in billionths of a dollar: exact. */
export function nanoDollarsPerMillion(dollars: string): bigint {
  const [whole = '', decimals = ''] = dollars.split('.');
  return BigInt(whole) * 1_000_000_000n + BigInt(decimals.padEnd(9, '0'));
}

/** The parts of one side, and what of the whole belongs to none of them. */
function chargedOf(whole: (typeof WHOLES)[number], usage: Usage): { kind: string; tokens: number }[] {
  const parts = Object.entries(usage).filter(([kind]) => kind.endsWith(`.${whole}`)).map(([kind, tokens]) => ({ kind, tokens }));
  const inParts = parts.reduce((sum, { tokens }) => sum + tokens, 0);
  const total = usage[whole];
  return total === undefined ? parts : [{ kind: whole, tokens: total - inParts }, ...parts];
}

const hasOtherKinds = (usage: Usage): boolean => Object.entries(usage).some(([kind, tokens]) => tokens > 0 && !WHOLES.some((whole) => kind === whole || kind.endsWith(`.${whole}`)));

function priceOf(prices: Prices, kind: string): string | undefined {
  return Object.hasOwn(prices, kind) ? prices[kind as keyof Prices] : undefined;
}

export const unpriced = (reason: UnpricedReason): Cost => ({ state: 'unpriced', reason });
