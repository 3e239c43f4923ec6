import { resolve } from 'node:path';
import type { AuditBudgetSetRequest, AuditRecordSearchRequest } from '@granary/contracts';
import { requireRepository } from '../repos/find-repository.client';
import type { Answer, Call, CommandSpec, OptionSpec } from '../shell/command';
import { writeOutput } from '../shell/deliver.client';
import { plural } from '../shell/format';
import { parseInteger, parseList, parseMoment, parseOneOf } from '../shell/input';
import { collectPages } from '../shell/pages';
import { usageFault } from '../shell/problem';
import { readText } from '../shell/read-text.client';
import { readPriceTable, renderBudgets, renderPrices, renderPriceTable } from './costs';
import { parseDay, parseMonth } from './days';
import { parseDollars } from './money';
import { RECORD_KINDS, renderRecords, RISKS } from './records';
import { DIMENSIONS, renderSummary } from './summary';

const FILTERS: readonly OptionSpec[] = [
  { flags: '--kind <kind>', describe: `only of this kind: ${RECORD_KINDS.join(', ')}` },
  { flags: '--provider <provider>', describe: 'only of models of this provider' },
  { flags: '--model <model>', describe: 'only of this model' },
  { flags: '--repository <repo>', describe: 'only about this repository' },
  { flags: '--risk <risk>', describe: `only of this risk: ${RISKS.join(', ')}` },
  { flags: '--outcome <outcome>', describe: 'only with this outcome, such as ok, timeout, blocked' },
];

export const auditSearch: CommandSpec = {
  name: 'audit search',
  summary: 'search what the event log tells of AI: calls of models, safety checks, personal data, rejected answers; newest first',
  options: [
    ...FILTERS,
    { flags: '--call <id>', describe: 'only about this call of a model' },
    { flags: '--unpriced', describe: 'only calls that have no cost' },
    { flags: '--since <moment>', describe: 'from this moment on: 2026-03-01, 2026-03-01T12:00:00Z, or 30m (ago)' },
    { flags: '--until <moment>', describe: 'before this moment' },
    { flags: '--limit <count>', describe: 'how many at most (default: 50)' },
  ],
  examples: ['audit search', 'audit search --kind safety-check --risk high --since 7d', 'audit search --unpriced --limit 500 --json'],
  async run(call) {
    const { client, input, shell, style, note } = call;
    const limit = parseInteger(input.text('limit') ?? '50', { min: 1 });
    const [invocation, since, until] = [input.text('call'), input.text('since'), input.text('until')];
    const filter: AuditRecordSearchRequest = {
      ...(await filterOf(call)),
      ...(invocation !== undefined && { invocation }),
      ...(input.flag('unpriced') && { unpriced: true }),
      ...(since !== undefined && { since: parseMoment(since, shell.now()) }),
      ...(until !== undefined && { until: parseMoment(until, shell.now()) }),
    };
    const rpc = await client();
    const { items, more } = await collectPages(limit, async (pageLimit, cursor) => {
      const page = await rpc.call('audit.record.search', { ...filter, limit: pageLimit, ...cursor });
      return { items: page.records, next: page.next };
    });
    if (more) note(`There are more than ${limit} records; see more with --limit.`);
    return { data: { records: items, more }, text: renderRecords(items, style) };
  },
};

export const auditSummary: CommandSpec = {
  name: 'audit summary',
  summary: 'show sums of what was done with AI, and what it cost, by day, model, repository and more',
  details: 'Days are in UTC, by when the event log stored an event. With --compare also the same number of days right before.',
  options: [
    { flags: '--by <fields>', describe: `up to three of ${DIMENSIONS.join(', ')}, separated by commas (default: provider,model)` },
    { flags: '--from <day>', describe: 'the first day (default: 29 days before the last)' },
    { flags: '--to <day>', describe: 'the last day (default: today)' },
    ...FILTERS,
    { flags: '--compare', describe: 'also the time before' },
    { flags: '--limit <count>', describe: 'how many lines at most (default: 100)' },
  ],
  examples: ['audit summary', 'audit summary --by day --kind invocation', 'audit summary --by repository --from 2026-03-01 --to 2026-03-31 --compare'],
  async run(call) {
    const { client, input, style } = call;
    const by = parseList(input.text('by') ?? 'provider,model').map((field) => parseOneOf(field, DIMENSIONS));
    if (by.length > 3) throw usageFault('Sums are told apart by three fields at most; give fewer to --by.');
    const [from, to] = [input.text('from'), input.text('to')];
    const request = { by, ...(await filterOf(call)), ...(from !== undefined && { from: parseDay(from) }), ...(to !== undefined && { to: parseDay(to) }), ...(input.flag('compare') && { compare: true }), limit: parseInteger(input.text('limit') ?? '100', { min: 1, max: 500 }) };
    const summary = await (await client()).call('audit.summary.show', request);
    return { data: summary, text: renderSummary(summary, by, style) };
  },
};

export const auditReport: CommandSpec = {
  name: 'audit report',
  args: '[month]',
  summary: 'print the compliance report of a month as Markdown or JSON (default: the last month that is over)',
  options: [
    { flags: '--format <format>', describe: 'markdown (default) or json' },
    { flags: '--output <file>', describe: 'write it to this file' },
  ],
  examples: ['audit report', 'audit report 2026-03 --output ai-2026-03.md', 'audit report 2026-03 --json'],
  async run(call) {
    const { client, input, shell } = call;
    const format = parseOneOf(input.text('format') ?? 'markdown', ['markdown', 'json']);
    const { report, markdown } = await (await client()).call('audit.report.show', { month: parseMonth(input.optionalArg('month'), shell.now()), format });
    const text = format === 'json' ? JSON.stringify(report, null, 2) : (markdown ?? '');
    const output = input.text('output');
    return output === undefined ? { data: report, text: text.trimEnd() } : writeOutput(call, output, format, Buffer.from(text));
  },
};

export const auditPrices: CommandSpec = {
  name: 'audit prices',
  summary: 'list the price tables of models and the calls that have no cost, or set or show a table',
  details: 'The file of --set is JSON: { version, effectiveFrom, models: [{ provider, model, prices: { input, output, … } }] }, dollars for a million tokens as texts. A version is set once; calls that were stored from its moment on are reckoned again.',
  options: [
    { flags: '--set <file>', describe: 'set the price table in this file' },
    { flags: '--show <version>', describe: 'show this table with its prices' },
  ],
  examples: ['audit prices', 'audit prices --set prices-2026-03.json', 'audit prices --show 2026-03'],
  async run(call) {
    const { client, input, shell, style } = call;
    const [file, version] = [input.text('set'), input.text('show')];
    if (file !== undefined && version !== undefined) throw usageFault('--set and --show do not go together; give one of them.');
    if (file !== undefined) return setPrices(call, resolve(shell.callerFolder, file));
    const rpc = await client();
    if (version !== undefined) {
      const shown = await rpc.call('audit.price.show', { version });
      return { data: shown, text: renderPriceTable(shown, style) };
    }
    const listed = await rpc.call('audit.price.list', {});
    return { data: listed, text: renderPrices(listed, style) };
  },
};

async function setPrices({ client }: Call, file: string): Promise<Answer> {
  const table = readPriceTable(readText(file, '--set'), file);
  const set = await (await client()).call('audit.price.set', table);
  const { version, effectiveFrom, models } = set.table;
  const text = set.created ? `Price table ${version} is set, from ${effectiveFrom} on, with ${plural(models, 'model')}. Calls that were stored since then are being reckoned by it.` : `Price table ${version} was set before; nothing changes.`;
  return { data: set, text };
}

export const auditBudgets: CommandSpec = {
  name: 'audit budgets',
  summary: 'list budgets for calls of models and how they stand, or set or remove one',
  details: 'When calls have cost more than a part of a budget, `audit.budget-passed` is announced, once for each part and period. Days and months are in UTC.',
  options: [
    { flags: '--set <name>', describe: 'make or replace this budget; needs --limit' },
    { flags: '--limit <dollars>', describe: 'what calls may cost in a period' },
    { flags: '--period <period>', describe: 'day or month (default: month)' },
    { flags: '--thresholds <percents>', describe: 'at which parts of the limit to say so (default: 50,80,100)' },
    { flags: '--provider <provider>', describe: 'only calls of this provider' },
    { flags: '--model <model>', describe: 'only calls of this model' },
    { flags: '--repository <repo>', describe: 'only calls about this repository' },
    { flags: '--remove <name>', describe: 'take this budget away' },
  ],
  examples: ['audit budgets', 'audit budgets --set team --limit 250', 'audit budgets --set nightly --limit 2.50 --period day --model acme-large-1 --thresholds 80,100', 'audit budgets --remove team'],
  async run(call) {
    const { client, input, style } = call;
    const [name, removed] = [input.text('set'), input.text('remove')];
    if (name !== undefined && removed !== undefined) throw usageFault('--set and --remove do not go together; give one of them.');
    if (name !== undefined) {
      const request = await budgetOf(call, name);
      const { budget } = await (await client()).call('audit.budget.set', request);
      return { data: budget, text: `The budget ${budget.name} is set.` };
    }
    const rpc = await client();
    if (removed !== undefined) {
      const { budget } = await rpc.call('audit.budget.remove', { name: removed });
      return { data: budget, text: `The budget ${budget.name} is removed.` };
    }
    const { budgets } = await rpc.call('audit.budget.list', {});
    return { data: { budgets }, text: renderBudgets(budgets, style) };
  },
};

async function budgetOf(call: Call, name: string): Promise<AuditBudgetSetRequest> {
  const { input } = call;
  const [limit, thresholds, provider, model] = [input.text('limit'), input.text('thresholds'), input.text('provider'), input.text('model')];
  if (limit === undefined) throw usageFault('A budget needs --limit <dollars>.');
  return {
    name,
    period: parseOneOf(input.text('period') ?? 'month', ['day', 'month']),
    limitNanoDollars: parseDollars(limit),
    ...(thresholds !== undefined && { thresholds: parseList(thresholds).map((percent) => parseInteger(percent, { min: 1, max: 1_000 })) }),
    ...(provider !== undefined && { provider }),
    ...(model !== undefined && { model }),
    ...(await repositoryOf(call)),
  };
}

async function filterOf(call: Call): Promise<Pick<AuditRecordSearchRequest, 'kind' | 'provider' | 'model' | 'repository' | 'risk' | 'outcome'>> {
  const { input } = call;
  const [kind, provider, model, risk, outcome] = [input.text('kind'), input.text('provider'), input.text('model'), input.text('risk'), input.text('outcome')];
  return {
    ...(kind !== undefined && { kind: parseOneOf(kind, RECORD_KINDS) }),
    ...(provider !== undefined && { provider }),
    ...(model !== undefined && { model }),
    ...(risk !== undefined && { risk: parseOneOf(risk, RISKS) }),
    ...(outcome !== undefined && { outcome }),
    ...(await repositoryOf(call)),
  };
}

async function repositoryOf(call: Call): Promise<{ repository?: string }> {
  const repository = call.input.text('repository');
  return repository === undefined ? {} : { repository: (await requireRepository(call, repository)).repositoryId };
}
