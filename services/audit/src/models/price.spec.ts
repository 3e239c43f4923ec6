import type { ModelPrices } from '@granary/contracts';
import { costOf, nanoDollarsPerMillion, type Usage } from './price';
import { priceBook, priceTableProblems } from './price-book';

const prices: ModelPrices['prices'] = { input: '2.50', output: '10', 'cache_read.input': '0.25', 'reasoning.output': '10' };

it.each<[string, Usage, bigint | string]>([
  ['tokens by their kind', { input: 1_000_000, output: 1_000_000 }, 12_500_000_000n],
  ['parts at their own price, and the rest of the whole at its', { input: 1_840, 'cache_read.input': 1_024, output: 212, 'reasoning.output': 64 }, (816n * 2_500n) + (1_024n * 250n) + 148n * 10_000n + 64n * 10_000n],
  ['no tokens of a kind without a price', { input: 10, output: 0, 'cache_write.input': 0 }, 25_000n],
  ['more than a number is exact for', { input: Number.MAX_SAFE_INTEGER, output: 0 }, 9_007_199_254_740_991n * 2_500n],
  ['a kind without a price', { input: 10, output: 0, 'cache_write.input': 1 }, 'unknown-kind'],
  ['a kind of tomorrow, of either side or of none', { input: 10, output: 0, 'audio.input': 1 }, 'unknown-kind'],
  ['a kind of tomorrow that is part of nothing known', { input: 10, output: 0, searches: 1 }, 'unknown-kind'],
  ['nothing that was reported', {}, 'usage-not-reported'],
  ['a whole that was not reported', { input: 10 }, 'usage-not-reported'],
  ['parts that are more than the whole', { input: 10, output: 5, 'cache_read.input': 11 }, 'usage-contradicts'],
])('costs %s', (_, usage, expected) => {
  const cost = costOf(usage, prices);
  expect(cost.state === 'priced' ? cost.nanoDollars : cost.reason).toBe(expected);
});

it('says what each kind was charged at', () => {
  expect(costOf({ input: 30, 'cache_read.input': 10, output: 0 }, prices)).toEqual({
    state: 'priced',
    nanoDollars: 52_500n,
    charges: [{ kind: 'input', tokens: 20, dollarsPerMillion: '2.50' }, { kind: 'cache_read.input', tokens: 10, dollarsPerMillion: '0.25' }],
  });
});

it('needs no output of a model that has no price for it', () => {
  expect(costOf({ input: 1_000 }, { input: '0.02' })).toMatchObject({ nanoDollars: 20_000n });
  expect(costOf({ input: 1_000, output: 1 }, { input: '0.02' })).toEqual({ state: 'unpriced', reason: 'unknown-kind' });
});

it('rounds once, at the end, and half up', () => {
  // 0.0005 dollars a million are half a billionth for a token.
  expect([1, 2, 3].map((input) => costOf({ input }, { input: '0.0005' }))).toMatchObject([{ nanoDollars: 1n }, { nanoDollars: 1n }, { nanoDollars: 2n }]);
  expect(costOf({ input: 1, output: 1 }, { input: '0.0004', output: '0.0004' })).toMatchObject({ nanoDollars: 1n });
});

it.each([['2.50', 2_500_000_000n], ['0', 0n], ['0.000000001', 1n], ['9999999.999999999', 9_999_999_999_999_999n]])('reads the price %s exactly', (text, expected) => {
  expect(nanoDollarsPerMillion(text)).toBe(expected);
});

describe('a price book', () => {
  const of = (model: string, input: string, provider = 'acme'): ModelPrices => ({ provider, model, prices: { input } });
  const table = (version: string, effectiveFrom: string, ...models: ModelPrices[]) => ({ version, effectiveFrom: new Date(effectiveFrom), models });
  const book = priceBook([
    table('march', '2026-03-01T00:00:00Z', of('large', '3'), of('large-*', '4'), of('large-new-*', '5'), of('large-new-1', '6')),
    table('january', '2026-01-01T00:00:00Z', of('large', '1')),
    table('march-again', '2026-03-01T00:00:00Z', of('large', '2'), of('large-*', '4'), of('large-new-*', '5'), of('large-new-1', '6')),
  ]);
  const priced = (model: string, at: string, provider = 'acme') => {
    const { cost, priceTable } = book.priceOf({ provider, model, usage: { input: 1_000_000 }, storedAt: new Date(at) });
    return [cost.state === 'priced' ? Number(cost.nanoDollars / 1_000_000_000n) : cost.reason, priceTable];
  };

  it.each<[string, string, [number | string, string | null]]>([
    ['large', '2025-12-31T23:59:59.999Z', ['no-price-table', null]],
    ['large', '2026-01-01T00:00:00Z', [1, 'january']],
    ['large', '2026-02-28T23:59:59.999Z', [1, 'january']],
    ['large', '2026-03-01T00:00:00Z', [2, 'march-again']],
    ['large-old', '2026-04-01T00:00:00Z', [4, 'march-again']],
    ['large-new-2', '2026-04-01T00:00:00Z', [5, 'march-again']],
    ['large-new-1', '2026-04-01T00:00:00Z', [6, 'march-again']],
    ['small', '2026-04-01T00:00:00Z', ['unknown-model', 'march-again']],
  ])('finds what %s costs at %s', (model, at, expected) => {
    expect(priced(model, at)).toEqual(expected);
  });

  it('knows no model of another provider', () => {
    expect(priced('large', '2026-04-01T00:00:00Z', 'other')).toEqual(['unknown-model', 'march-again']);
  });

  it('is refused with all that is wrong', () => {
    expect(priceTableProblems([of('a', '1'), of('b*c', '1'), of('a', '2'), { provider: 'acme', model: 'd', prices: {} }])).toEqual([
      "models[1]: '*' may only stand at the end of a model's name",
      'models[2] repeats acme a; name each model once',
      'models[3] has no price; give at least one',
    ]);
    expect(priceTableProblems([of('*', '1'), of('a', '1', 'other')])).toEqual([]);
  });
});
