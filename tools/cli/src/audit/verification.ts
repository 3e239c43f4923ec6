import type { Verification } from '@granary/audit-export';
import { formatCount, plural } from '../shell/format';
import { printable, type Style } from '../shell/style';
import { renderFacts } from '../shell/table';

/** What was checked, and what is wrong. */
export function renderVerification(found: Verification, style: Style): string {
  const { problems, days, dropped, records, decisions, checkpoints, newest, of } = found;
  const verdict = problems.length === 0 ? style.good('everything is what was signed') : style.bad(`${plural(problems.length, 'problem')}, the first of each kind of change`);
  const facts = renderFacts([
    ['verdict', verdict],
    ['records', records === 0 && problems.length > 0 ? null : `${formatCount(records)}${of === null ? `, of them ${plural(decisions, 'decision')}` : of === '*' ? ' of everybody' : ` of ${printable(of)}`}`],
    ['days', days && `${days.first} to ${days.last}${dropped === 0 ? '' : `, of ${plural(dropped, 'day')} only what proves them is left`}`],
    ['checkpoints', checkpoints === 0 ? null : formatCount(checkpoints)],
    ['complete up to', newest && `${newest.time}, ${formatCount(newest.size)} leaves`],
  ], style);
  return [facts, ...problems.map(({ code, message, file, day }) => `${style.bad(code)}  ${file ?? day ?? ''}\n  ${printable(message)}`)].join('\n\n');
}
