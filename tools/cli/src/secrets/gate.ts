import type { HarvesterGateShowResponse } from '@granary/contracts';
import { formatAgo } from '../shell/format';
import type { Style } from '../shell/style';
import { renderFacts, renderTable } from '../shell/table';

export const GATE_MODES = ['warn', 'block'] as const satisfies readonly HarvesterGateShowResponse['mode'][];

const MEANINGS: Readonly<Record<HarvesterGateShowResponse['mode'], string>> = {
  warn: 'secrets are reported, and the commit is harvested all the same',
  block: 'a commit with an open secret of high severity is withheld',
};

/** How the gate is set, and the rules that it has beside its own. */
export function renderGate({ mode, rules, updatedAt }: HarvesterGateShowResponse, now: Date, style: Style): string {
  const facts = renderFacts([
    ['mode', `${style.bold(mode)}: ${MEANINGS[mode]}`],
    ['changed', updatedAt === null ? 'never' : `${updatedAt} (${formatAgo(updatedAt, now)})`],
    ['own rules', rules.length === 0 ? 'none; Granary looks for the secrets that it knows' : rules.length],
  ], style);
  if (rules.length === 0) return facts;
  const table = renderTable(rules, [
    { title: 'rule', value: ({ id }) => id, paint: style.bold },
    { title: 'severity', value: ({ severity }) => severity ?? 'high' },
    { title: 'what', value: ({ id, title }) => title ?? id },
    { title: 'keywords', value: ({ keywords }) => keywords?.join(', ') ?? null },
    { title: 'pattern', value: ({ pattern }) => pattern },
  ], style, '');
  return `${facts}\n\n${table}`;
}
