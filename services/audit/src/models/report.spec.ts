import { rpcExamples, type AiReport } from '@granary/contracts';
import { attentionFor } from './attention';
import { renderReport } from './report-markdown';

const { report } = rpcExamples['audit.report.show'].response;
const quiet: AiReport = {
  ...report, complete: true, unpriced: [], budgets: [], attention: [],
  total: { ...report.total, unpriced: 0, calls: 38 },
  safety: { ...report.safety, verdicts: [], risks: [], callsChecked: 38 },
  personalData: { occasions: 0, items: 0, handled: [] },
  rejected: { answers: 0, reasons: [], actions: [] },
  harvests: { assessments: 0, risks: [], flags: [], withheld: 0 },
};
const codes = (changes: Partial<AiReport>) => attentionFor({ ...quiet, ...changes }).map(({ code }) => code);

it.each<[string, Partial<AiReport>, string[]]>([
  ['nothing', {}, []],
  ['a month that is not over', { complete: false }, ['incomplete']],
  ['calls without a cost', { total: { ...quiet.total, unpriced: 3 } }, ['unpriced-calls']],
  ['no prices at all', { priceTables: [], total: { ...quiet.total, unpriced: 38, nanoDollars: '0' } }, ['no-price-table', 'unpriced-calls']],
  ['another cost than was reported', { total: { ...quiet.total, reportedNanoDollars: '1' } }, ['cost-differs']],
  ['no cost that was reported', { total: { ...quiet.total, reportedNanoDollars: '0' } }, []],
  ['a budget that was passed', { budgets: report.budgets.map((state) => ({ ...state, spentNanoDollars: state.budget.limitNanoDollars })) }, ['budget-passed']],
  ['a budget that was not passed', { budgets: report.budgets }, []],
  ['calls that nobody checked', { safety: { ...quiet.safety, callsChecked: 37 } }, ['unchecked-calls']],
  ['calls of which nobody knows', { safety: { ...quiet.safety, callsChecked: null } }, []],
  ['risky checks', { safety: { ...quiet.safety, verdicts: [{ label: 'blocked', count: 2 }], risks: [{ label: 'critical', count: 1 }] } }, ['blocked', 'high-risk']],
  ['personal data that was let through', { personalData: { occasions: 1, items: 2, handled: [{ label: 'email allowed', count: 2 }, { label: 'phone masked', count: 1 }] } }, ['personal-data-allowed']],
  ['risky repositories', { harvests: { assessments: 2, risks: [{ label: 'high', count: 2 }], flags: [], withheld: 1 } }, ['risky-repositories', 'withheld']],
])('points to %s', (_, changes, expected) => {
  expect(codes(changes)).toEqual(expected);
});

it('is Markdown in the order of the report', () => {
  const text = renderReport(report);
  expect(text.match(/^#+ .*$/gm)).toEqual(['# AI compliance report, 2026-03', '## To look at', '## Calls of models', '## Prices', '## Budgets', '## Safety checks', '## Personal data', '## Answers that were not let through', '## Repositories']);
  expect(text).toContain('Not complete: the event log was read up to 2026-03-19T11:02:00.000Z.');
  expect(text).toContain('| cost | $4.70 | $4.70 |');
  expect(text).toContain('| openai gpt-5-mini-2026-01-15 | 1,200 | $4.70 | 3 | 2,208,000 | 254,400 |');
  expect(text).toContain('| team | $250.00 | $212.00 | 80 % on 2026-03-19 |');
  expect(text).toContain('| calls that a check names | 38 of 1,200 |');
  expect(text).toContain('| email masked | 30 |');
});

it('says where there is nothing', () => {
  const text = renderReport({ ...quiet, models: [], priceTables: [], safety: { ...quiet.safety, score: null, lowestScore: null, callsChecked: null } });
  expect(text).toContain('## To look at\n\nNothing.');
  expect(text).toContain('By provider and model: none.');
  expect(text).toContain('No price table was in effect.');
  expect(text).toContain('There are no budgets for a month.');
  expect(text).toContain('| mean score | – |');
  expect(text).toContain('not known: records of the month are not all kept any more');
});

it('leaves no markup of others in it', () => {
  const models = [{ provider: 'acme', model: '<b>|*x*|[a](b)\n# c', measures: report.total }];
  expect(renderReport({ ...quiet, models })).toContain('| acme \\<b\\>\\|\\*x\\*\\|\\[a\\](b) \\# c |');
});
