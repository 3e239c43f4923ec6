import { formatDollars } from '@granary/client';
import type { AiReport, LabelledCount } from '@granary/contracts';
import { formatCount } from './count-text';

type Attention = AiReport['attention'][number];

/** What somebody should look at in a report, in the order of the report. */
export function attentionFor(report: Omit<AiReport, 'attention'>): Attention[] {
  return [...incomplete(report), ...costs(report), ...budgets(report), ...safety(report), ...data(report), ...harvests(report)];
}

function incomplete({ complete, month, readUpTo }: Omit<AiReport, 'attention'>): Attention[] {
  return complete ? [] : [{ code: 'incomplete', message: `${month} is not all in here: the event log was read up to ${readUpTo ?? 'nothing yet'}.` }];
}

function costs({ total, unpriced, priceTables }: Omit<AiReport, 'attention'>): Attention[] {
  const missing = total.unpriced > 0 ? [{ code: 'unpriced-calls', message: `${formatCount(total.unpriced)} of ${formatCount(total.calls)} calls have no cost; what was spent is more than the sum. ${unpriced.length === 1 ? '1 model is' : `${unpriced.length} models are`} concerned: \`granary audit prices\` lists them.` }] : [];
  const none = total.calls > 0 && priceTables.length === 0 ? [{ code: 'no-price-table', message: 'No price table was in effect: set one with `granary audit prices --set <file>`, and the calls get their cost.' }] : [];
  // Only where every call has a cost of both kinds can the sums be compared.
  const differs = total.unpriced === 0 && total.reportedNanoDollars !== '0' && total.reportedNanoDollars !== total.nanoDollars;
  return [...none, ...missing, ...(differs ? [{ code: 'cost-differs', message: `By the price tables the calls cost ${formatDollars(total.nanoDollars)}; those who announced them say ${formatDollars(total.reportedNanoDollars)}.` }] : [])];
}

function budgets({ budgets: states }: Omit<AiReport, 'attention'>): Attention[] {
  return states
    .filter(({ budget, spentNanoDollars }) => BigInt(spentNanoDollars) >= BigInt(budget.limitNanoDollars) && spentNanoDollars !== '0')
    .slice(0, 20)
    .map(({ budget, spentNanoDollars }) => ({ code: 'budget-passed', message: `The budget ${budget.name} of ${formatDollars(budget.limitNanoDollars)} was passed: ${formatDollars(spentNanoDollars)}.` }));
}

function safety({ total, safety: { callsChecked, verdicts, risks } }: Omit<AiReport, 'attention'>): Attention[] {
  const unchecked = callsChecked === null ? 0 : total.calls - callsChecked;
  const blocked = countOf(verdicts, 'blocked');
  const risky = countOf(risks, 'high') + countOf(risks, 'critical');
  return [
    ...(unchecked > 0 ? [{ code: 'unchecked-calls', message: `${formatCount(unchecked)} of ${formatCount(total.calls)} calls are named by no safety check.` }] : []),
    ...(blocked > 0 ? [{ code: 'blocked', message: `Safety checks blocked ${formatCount(blocked)} times.` }] : []),
    ...(risky > 0 ? [{ code: 'high-risk', message: `${formatCount(risky)} safety checks found a high or critical risk.` }] : []),
  ];
}

function data({ personalData: { handled } }: Omit<AiReport, 'attention'>): Attention[] {
  const allowed = handled.filter(({ label }) => label.endsWith(' allowed')).reduce((sum, { count }) => sum + count, 0);
  return allowed > 0 ? [{ code: 'personal-data-allowed', message: `${formatCount(allowed)} pieces of personal data were let through.` }] : [];
}

function harvests({ harvests: { risks, withheld } }: Omit<AiReport, 'attention'>): Attention[] {
  const risky = countOf(risks, 'high') + countOf(risks, 'critical');
  return [
    ...(risky > 0 ? [{ code: 'risky-repositories', message: `Harvests assessed the use of AI in a repository as high or critical risk ${formatCount(risky)} times.` }] : []),
    ...(withheld > 0 ? [{ code: 'withheld', message: `The secrets gate withheld ${formatCount(withheld)} commits.` }] : []),
  ];
}

const countOf = (counts: readonly LabelledCount[], wanted: string): number => counts.find(({ label }) => label === wanted)?.count ?? 0;
