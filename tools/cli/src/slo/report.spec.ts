import { createStyle } from '../shell/style';
import { countedIn, renderReport, reportOf } from './report';

const plainStyle = createStyle(false);
const PROMISED = [
  { name: 'availability', target: 99.9, allowed: 0.001 },
  { name: 'polling', target: 99, allowed: 0.01 },
];
const LOGGED = { first: '2026-03-01T00:00:00Z', last: '2026-03-02T00:00:00Z', objectives: [{ objective: 'availability', good: 9_995, total: 10_000 }] };
const report = (counted: Parameters<typeof reportOf>[3]) => reportOf(PROMISED, '2026-03-01T00:00:00Z', LOGGED, counted);

it('says what was promised, what was kept, and what is left', () => {
  const [availability, polling] = report(null).objectives;
  expect(availability).toMatchObject({ objective: 'availability', good: 9_995, total: 10_000, ratio: 0.9995, kept: true });
  expect([availability?.burn, availability?.budgetLeft].map((figure) => figure?.toFixed(6))).toEqual(['0.500000', '0.500000']);
  expect(polling).toMatchObject({ total: 0, ratio: null, burn: null, budgetLeft: null, kept: null });
});

it.each([
  ['the same', { bad: 5.001, total: 10_003 }, false],
  ['less than 0.1 % more', { bad: 14, total: 10_000 }, false],
  ['more than 0.1 % more', { bad: 16, total: 10_000 }, true],
  ['nothing', { bad: 0, total: 0 }, true],
])('compares with a Prometheus that counted %s', (_what, counted, differs) => {
  expect(report(new Map([['availability', counted]])).objectives.map(({ prometheus }) => prometheus?.differs)).toEqual([differs, false]);
});

it('compares nothing as long as no service has told what it counted', () => {
  const { objectives } = reportOf(PROMISED, '2026-03-01T00:00:00Z', { first: null, last: null, objectives: [] }, new Map([['availability', { bad: 0, total: 12 }]]));
  expect(objectives.map(({ prometheus }) => [prometheus?.total, prometheus?.differs])).toEqual([[12, false], [0, false]]);
});

it('is a table, and names what differs', () => {
  const text = renderReport(report(new Map([['availability', { bad: 100, total: 10_000 }]])), plainStyle);
  expect(text).toMatch(/^objective +target +good +of +kept +budget left +burn +Prometheus +of\navailability +99\.9 % +9,995 +10,000 +99\.950 % +50\.0 % +0\.50× +99\.000 % +10,000\n/);
  expect(text).toContain('availability: 99.950 % by the event log, 99.000 % by Prometheus. More than 0.1 % apart:');
  expect(text).not.toContain('polling:');
});

it('asks Prometheus for what the rules count', () => {
  expect(countedIn({ metric: 'a_total', where: '', bad: 'b="c"' }, 60)).toEqual({ bad: 'sum(increase(a_total{b="c"}[60s]))', total: 'sum(increase(a_total{}[60s]))' });
});
