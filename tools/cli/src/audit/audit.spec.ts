import { rpcExamples } from '@granary/contracts';
import { createStyle } from '../shell/style';
import { readPriceTable, renderBudgets, renderPrices, renderPriceTable } from './costs';
import { parseDay, parseMonth } from './days';
import { formatChange, parseDollars } from './money';
import { renderRecord, renderRecords } from './records';
import { renderSummary } from './summary';

const plain = createStyle(false);
const shown = rpcExamples['audit.record.show'].response;
const { record } = shown;
const summary = rpcExamples['audit.summary.show'].response;
const { table } = rpcExamples['audit.price.set'].response;

it('tells of a call what it cost, or why nobody knows', () => {
  const unpriced = { ...record, cost: { nanoDollars: null, priceTable: null, unpriced: 'no-price-table' as const, reportedNanoDollars: null } };
  const text = renderRecords([record, unpriced, { ...record, kind: 'safety-check', risk: 'high', tokens: [], cost: null }], plain);
  expect(text).toMatch(/^position +stored +kind +outcome +provider +model +risk +tokens +cost +event\n/);
  expect(text).toMatch(/openai +gpt-5-mini-2026-01-15 +– +2,052 +\$0\.003914 /);
  expect(text).toMatch(/ 2,052 +unpriced: no-price-table /);
  expect(text).toMatch(/safety-check .* high +– +– /);
  expect(renderRecords([], plain)).toBe('No such records.');
});

it('shows a record with its reckoning and what is about the same call', () => {
  const text = renderRecord({ ...shown, related: [record] }, plain);
  expect(text).toMatch(/cost +\$0\.003914\nprice table +2026-02\ncost as reported +\$0\.003914\n/);
  expect(text).toMatch(/\ntokens +charged +dollars a million\ninput +1,840 +2\.5\n/);
  expect(text).toContain('"promptHash": "sha256:1111');
  expect(text).toMatch(/\n\nAbout the same call\nposition /);
  expect(renderRecord({ record: { ...record, kind: 'safety-check', risk: 'critical', score: 0.5, cost: null }, detail: {}, costs: [], related: [] }, createStyle(true))).toMatch(/\[\d+mcritical/);
});

it('puts sums into a table, compared where that was asked for', () => {
  expect(renderSummary(summary, ['provider', 'model'], plain)).toMatch(/^2026-03-01 to 2026-03-31, read up to [^\n]+\nprovider +model +records +calls +cost +before +change +unpriced +[^\n]+\nopenai +\S+ +1,280 +1,200 +\$4\.70 +\$4\.10 +\+14 % +3 [^]*\n1,280 records, 1,200 calls for \$4\.70 \(before: \$4\.10\)\n3 calls without a cost: /);
  expect(renderSummary({ ...summary, before: null, more: true, readUpTo: null, total: { ...summary.total, unpriced: 0 } }, ['week', 'repository'], plain)).toMatch(/nothing read yet\nweek of +repository +records [^]*There are more; see them with --limit\.\n1,280 records, 1,200 calls for \$4\.70$/);
  expect(renderSummary({ ...summary, before: null }, [], plain).split('\n')).toHaveLength(3);
});

it('lists prices and what they do not cover', () => {
  expect(renderPrices(rpcExamples['audit.price.list'].response, plain)).toMatch(/^version +from [^]*\n2026-02 [^]*without a cost\nprovider +model +why +calls\nacme +acme-huge-1 +unknown-model +3$/);
  expect(renderPrices({ tables: [], inEffect: null, unpriced: [] }, plain)).toBe('There are no price tables: set one with `granary audit prices --set <file>`.');
  expect(renderPriceTable(rpcExamples['audit.price.show'].response, plain)).toMatch(/^2026-02 from 2026-02-01T00:00:00Z, in dollars for a million tokens\n\nprovider +model +input [^]*acme-large-\* +2\.50 +10 +0\.25 +– +–$/);
});

it('lists budgets and how they stand', () => {
  const { budgets } = rpcExamples['audit.budget.list'].response;
  expect(renderBudgets(budgets, plain)).toMatch(/\nteam +all calls +month 2026-03 +\$250\.00 +\$212\.00 +\$318\.00 +3 +80 %$/);
  const [state] = budgets;
  const passed = state && { ...state, budget: { ...state.budget, period: 'day' as const, provider: 'acme', model: 'large' }, spentNanoDollars: state.budget.limitNanoDollars, forecastNanoDollars: null, unpriced: 0, passed: [] };
  expect(renderBudgets(passed ? [passed] : [], plain)).toMatch(/\nteam +acme large +day 2026-03-01 +\$250\.00 +\$250\.00 +– +– +–$/);
  expect(renderBudgets([], plain)).toMatch(/^There are no budgets/);
});

it.each<[string, string | null]>([['250', '250000000000'], ['$0.5', '500000000'], ['0.000000001', '1'], ['1.0000000001', null], ['-1', null], ['1e3', null]])('reads %s dollars', (text, expected) => {
  if (expected === null) expect(() => parseDollars(text)).toThrow('is no amount of dollars');
  else expect(parseDollars(text)).toBe(expected);
});

it.each<[string, string, string | null]>([['150', '100', '+50 %'], ['50', '100', '−50 %'], ['100', '100', '+0 %'], ['1', '0', 'new'], ['0', '0', null]])('tells how %s differs from %s', (now, before, expected) => {
  expect(formatChange(now, before)).toBe(expected);
});

it('knows days and months', () => {
  expect([parseDay('2024-02-29'), parseMonth('2026-03', new Date(0)), parseMonth(undefined, new Date('2026-01-15T00:00:00Z'))]).toEqual(['2024-02-29', '2026-03', '2025-12']);
  for (const day of ['2026-02-29', '2026-3-1', 'yesterday', '2026-13-01']) expect(() => parseDay(day)).toThrow('is no day');
  expect(() => parseMonth('2026-13', new Date(0))).toThrow('is no month');
});

it('reads a price table from a file, and says all that is wrong with it', () => {
  const { request } = rpcExamples['audit.price.set'];
  expect(readPriceTable(JSON.stringify(request), 'prices.json')).toEqual(request);
  expect(() => readPriceTable('{', 'prices.json')).toThrow('prices.json is no JSON: ');
  expect(() => readPriceTable(JSON.stringify({ ...request, models: [{ provider: 'acme', model: table.version, prices: { input: 2.5, words: '1' } }] }), 'prices.json')).toThrow(/prices\.json is no price table: .*words.*/);
});
