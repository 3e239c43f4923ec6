import type { PlatformEvent } from '@granary/embedded';
import type { Alert } from '@granary/monitoring';
import { formatDuration, timeOfDay } from '../shell/format';
import type { Step } from '../shell/progress';
import type { Style } from '../shell/style';

/** What people are told of an event of the platform's life; null when it deserves no line. */
export function platformNews(event: PlatformEvent): string | null {
  if (event.type === 'orphan-stopped') return `Stopped ${event.name} (process ${event.pid}), left over from a run that was killed.`;
  if (event.type === 'nats-found') return `Using nats-server ${event.version} at ${event.path}.`;
  if (event.type === 'crashed') return `${event.name} ended unexpectedly${exitOf(event.exit)}; it is started again in ${formatDuration(event.restartInMs)}.`;
  if (event.type === 'stopped' && event.killed) return `${event.name} did not end in time and was killed after ${formatDuration(event.ms)}.`;
  return null;
}

/** How far the start has come, after `ready` of `total` processes. */
export function startStep(ready: readonly string[], total: number): Step {
  const last = ready.at(-1);
  return { label: last === undefined ? 'starting Granary' : `starting Granary: ${last} is ready,`, done: ready.length, total };
}

function exitOf(exit: { code: number | null; signal: string | null } | null): string {
  if (exit === null) return '';
  return exit.signal === null ? ` (exit code ${exit.code})` : ` (${exit.signal})`;
}

/** What people are told of an alert that fires or is over. */
export function alertNews({ name, state, labels, annotations, startsAt, endsAt }: Alert, style: Style): string {
  const at = style.dim(timeOfDay(endsAt ?? startsAt).slice(0, 8));
  const where = labels['service'] === undefined ? '' : ` (${labels['service']})`;
  if (state === 'resolved') return `${at}  ${style.good('alert over')}: ${name}${where}`;
  const { summary = labels['severity'] ?? 'it fires', runbook_url: runbook } = annotations;
  return `${at}  ${style.bad('alert')}: ${name}${where}: ${summary}${runbook === undefined ? '' : `; see ${runbook}`}`;
}
