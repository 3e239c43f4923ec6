import { formatDollars } from '@granary/client';
import type { AiGroup, AiReport, LabelledCount } from '@granary/contracts';
import { formatCount } from './count-text';

/** A report as Markdown (GitHub's tables). What others named is escaped, so that it stays text. */
export function renderReport(report: AiReport): string {
  const { tenant, month, complete, readUpTo } = report;
  const state = complete ? 'Complete: the month is over, and everything that was stored in it is in here.' : `Not complete: the event log was read up to ${readUpTo ?? 'nothing yet'}.`;
  return [`# AI compliance report, ${month}`, `Tenant ${escape(tenant)}. ${state} Days are in UTC, by when the event log's stream stored an event.`, ...attention(report), ...calls(report), ...prices(report), ...budgets(report), ...safety(report), ...personalData(report), ...rejected(report), ...harvests(report)].join('\n\n') + '\n';
}

function attention({ attention: points }: AiReport): string[] {
  return ['## To look at', points.length === 0 ? 'Nothing.' : points.map(({ message }) => `- ${escape(message)}`).join('\n')];
}

function calls({ total, before, models, repositories, statuses, days }: AiReport): string[] {
  return [
    '## Calls of models',
    table(['', 'this month', 'month before'], [
      ['calls', formatCount(total.calls), formatCount(before.calls)],
      ['cost', formatDollars(total.nanoDollars), formatDollars(before.nanoDollars)],
      ['calls without a cost', formatCount(total.unpriced), formatCount(before.unpriced)],
      ['cost as reported', formatDollars(total.reportedNanoDollars), formatDollars(before.reportedNanoDollars)],
      ...['input', 'output', 'cache_read.input', 'cache_write.input', 'reasoning.output'].map((kind) => [`tokens, ${kind}`, tokensOf(total, kind), tokensOf(before, kind)]),
      ['mean latency', latency(total.latencyMs), latency(before.latencyMs)],
    ]),
    counts('ended', statuses),
    groups('provider and model', models, ({ provider, model }) => `${provider ?? '–'} ${model ?? '–'}`),
    groups('repository', repositories, ({ repositoryId }) => repositoryId ?? 'none'),
    groups('day', days, ({ day }) => day ?? ''),
  ];
}

function prices({ priceTables, unpriced }: AiReport): string[] {
  return [
    '## Prices',
    priceTables.length === 0 ? 'No price table was in effect.' : table(['version', 'from', 'models', 'digest'], priceTables.map(({ version, effectiveFrom, models, digest }) => [version, effectiveFrom, formatCount(models), digest])),
    ...(unpriced.length === 0 ? [] : [table(['calls without a cost', 'why', 'calls'], unpriced.map(({ provider, model, reason, calls: many }) => [`${provider} ${model}`, reason, formatCount(many)]))]),
  ];
}

function budgets({ budgets: states }: AiReport): string[] {
  if (states.length === 0) return ['## Budgets', 'There are no budgets for a month.'];
  return ['## Budgets', table(['budget', 'limit', 'spent', 'passed'], states.map(({ budget, spentNanoDollars, passed }) => [budget.name, formatDollars(budget.limitNanoDollars), formatDollars(spentNanoDollars), passed.map(({ threshold, at }) => `${threshold} % on ${at.slice(0, 10)}`).join(', ') || '–']))];
}

function safety({ total, safety: checks }: AiReport): string[] {
  const { score, lowestScore, callsChecked } = checks;
  return [
    '## Safety checks',
    table(['', ''], [['checks', formatCount(checks.checks)], ['mean score', scoreText(score)], ['lowest score', scoreText(lowestScore)], ['calls that a check names', callsChecked === null ? 'not known: records of the month are not all kept any more' : `${formatCount(callsChecked)} of ${formatCount(total.calls)}`]]),
    counts('verdict', checks.verdicts),
    counts('risk', checks.risks),
    counts('looked at', checks.stages),
  ];
}

function personalData({ personalData: { occasions, items, handled } }: AiReport): string[] {
  return ['## Personal data', `${formatCount(items)} pieces on ${formatCount(occasions)} occasions.`, counts('what was done', handled)];
}

function rejected({ rejected: { answers, reasons, actions } }: AiReport): string[] {
  return ['## Answers that were not let through', `${formatCount(answers)} answers.`, counts('reason', reasons), counts('instead', actions)];
}

function harvests({ harvests: { assessments, risks, flags, withheld } }: AiReport): string[] {
  return ['## Repositories', `The use of AI in a repository was assessed anew ${formatCount(assessments)} times; the secrets gate withheld ${formatCount(withheld)} commits.`, counts('risk', risks), counts('flag', flags)];
}

function groups(title: string, rows: readonly AiGroup[], name: (group: AiGroup) => string): string {
  if (rows.length === 0) return `By ${title}: none.`;
  return table([title, 'calls', 'cost', 'without a cost', 'input tokens', 'output tokens'], rows.map((group) => [name(group), formatCount(group.measures.calls), formatDollars(group.measures.nanoDollars), formatCount(group.measures.unpriced), tokensOf(group.measures, 'input'), tokensOf(group.measures, 'output')]));
}

function counts(title: string, rows: readonly LabelledCount[]): string {
  return rows.length === 0 ? `By ${title}: none.` : table([title, 'count'], rows.map(({ label, count }) => [label, formatCount(count)]));
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(escape).join(' | ')} |`;
  return [line(head), `|${head.map(() => '---|').join('')}`, ...rows.map(line)].join('\n');
}

const tokensOf = ({ tokens }: AiReport['total'], wanted: string): string => formatCount(tokens.find(({ kind }) => kind === wanted)?.tokens ?? 0);
const latency = (ms: number | null): string => (ms === null ? '–' : `${formatCount(ms)} ms`);
const scoreText = (score: number | null): string => (score === null ? '–' : score.toFixed(2));

/** Backticks stay: the sentences of this report use them, and alone they mark up nothing but code. */
function escape(text: string): string {
  return text.replace(/[\\|<>*_[\]#]/g, (character) => `\\${character}`).replace(/\s+/g, ' ');
}
