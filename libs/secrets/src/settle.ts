import type { CompiledRules } from './compile';
import type { Rank } from './rule';
import type { Match } from './scan';

const RANKS: Readonly<Record<Rank, number>> = { proven: 0, token: 1, context: 2, generic: 3 };
const SEVERITIES = { high: 0, medium: 1, low: 2 };

/**
 * One match a span, in the order of the content: the surest rule wins, then secrets before examples, the longer, the
 * more severe, the first in the list. What overlaps an example of a surer rule is an example, too.
 */
export function settle(matches: readonly Match[], { rules }: Pick<CompiledRules, 'rules'>): Match[] {
  const rankOf = ({ rule }: Match): number => RANKS[rules[rule]?.rule.rank ?? 'generic'];
  const severityOf = ({ rule }: Match): number => SEVERITIES[rules[rule]?.rule.severity ?? 'low'];
  const byRight = matches.toSorted((a, b) =>
    rankOf(a) - rankOf(b) || Number(a.verdict === 'example') - Number(b.verdict === 'example') || b.end - b.start - (a.end - a.start) || severityOf(a) - severityOf(b) || a.rule - b.rule || a.start - b.start);
  const kept: Match[] = [];
  for (const match of byRight) insertUnlessTaken(kept, match);
  return kept.filter(({ verdict }) => verdict === 'secret');
}

// `kept` is sorted and free of overlaps, so that only the neighbours of the place can be in the way.
function insertUnlessTaken(kept: Match[], match: Match): void {
  let low = 0;
  let high = kept.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((kept[middle] as Match).start < match.start) low = middle + 1;
    else high = middle;
  }
  const before = kept[low - 1];
  const after = kept[low];
  if ((before && before.end > match.start) || (after && after.start < match.end)) return;
  kept.splice(low, 0, match);
}
