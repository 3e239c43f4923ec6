import type { HarvesterPostureShowResponse } from '@granary/contracts';
import { formatCount, shortCommit } from '../shell/format';
import { printable, type Style } from '../shell/style';
import { renderFacts, renderTable } from '../shell/table';

type Posture = HarvesterPostureShowResponse['posture'];
type UsedCall = HarvesterPostureShowResponse['usage'][number]['calls'][number] & { path: string };

/** How a repository uses AI: the judgement, its reasons, the providers and every call. */
export function renderPosture({ name, commit, posture, usage }: HarvesterPostureShowResponse, style: Style): string {
  const title = `${style.bold(printable(name))} at ${shortCommit(commit)}`;
  if (posture.providers.length === 0 && usage.length === 0) return `${title}: no calls of AI were found.`;
  const calls = usage.flatMap((file) => file.calls.map((call) => ({ ...call, path: file.path })));
  return [`${title}\n${judgement(posture, style)}`, ...reasonsOf(posture, style), providersOf(posture, style), callsOf(calls, style), ...restOf(posture, calls.length)].join('\n\n');
}

function judgement({ score, risk, flags, coverage }: Posture, style: Style): string {
  return renderFacts([
    ['score', `${score.toFixed(2)} of 1`],
    ['risk', paintRisk(risk, style)],
    ['guardrails', share(coverage.guardrails)],
    ['redaction', share(coverage.redaction)],
    ['encryption', share(coverage.encryption)],
    ['flags', flags.map(printable).join(', ')],
  ], style);
}

function reasonsOf({ reasons }: Posture, style: Style): string[] {
  if (reasons.length === 0) return [];
  const lines = reasons.map(({ message, weight, path, line }) => `  −${weight.toFixed(3)}  ${printable(message)}${path === undefined ? '' : ` (${printable(path)}${line === undefined ? '' : `:${line}`})`}`);
  return [[style.bold('What takes from the score'), ...lines].join('\n')];
}

function providersOf({ providers }: Posture, style: Style): string {
  return renderTable(providers, [
    { title: 'provider', value: ({ provider }) => provider, paint: style.bold },
    { title: 'calls', value: ({ calls }) => formatCount(calls), align: 'right' },
    { title: 'files', value: ({ files }) => formatCount(files), align: 'right' },
    { title: 'guarded', value: ({ guarded }) => guarded.yes, align: 'right' },
    { title: 'not guarded', value: ({ guarded }) => guarded.no, align: 'right', paint: (text, { guarded }) => (guarded.no > 0 ? style.warn(text) : text) },
    { title: 'unknown', value: ({ guarded }) => guarded.unknown, align: 'right' },
    { title: 'models', value: ({ models }) => models.join(', ') },
  ], style, 'No providers.');
}

function callsOf(calls: readonly UsedCall[], style: Style): string {
  return renderTable(calls, [
    { title: 'where', value: ({ path, line }) => `${path}:${line}` },
    { title: 'provider', value: ({ provider }) => provider },
    { title: 'by', value: ({ sdk }) => sdk },
    { title: 'asks for', value: ({ operation }) => operation },
    { title: 'model', value: ({ model }) => model },
    { title: 'guarded', value: ({ guarded }) => guarded, paint: (text, { guarded }) => (guarded === 'no' ? style.warn(text) : text) },
    { title: 'because of', value: ({ evidence }) => evidence.join(', ') },
  ], style, 'No calls.');
}

// The answer names the calls of 500 files at most.
function restOf({ providers }: Posture, shown: number): string[] {
  const rest = providers.reduce((sum, { calls }) => sum + calls, 0) - shown;
  return rest > 0 ? [`${formatCount(rest)} more calls are not listed; the graph has all of them: \`granary graph show\`.`] : [];
}

function share(part: number | null): string | null {
  return part === null ? null : `${Math.round(part * 100)} % of the calls`;
}

function paintRisk(risk: Posture['risk'], style: Style): string {
  if (risk === 'high' || risk === 'critical') return style.bad(risk);
  return risk === 'medium' ? style.warn(risk) : style.good(risk);
}
