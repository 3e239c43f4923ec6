import type { EventType, LoggedEvent } from '@granary/contracts';
import { gistOf } from '../events/gist';
import { plural, shortCommit, timeOfDay } from '../shell/format';
import { printable, type Style } from '../shell/style';

/** The events that `up` tells of while it watches. */
export const WATCHED: EventType[] = [
  'graph.normalized.v1',
  'module.added.v1', 'module.removed.v1', 'module.changed.v1',
  'dependency.added.v1', 'dependency.removed.v1', 'dependency.changed.v1',
  'entrypoint.added.v1', 'entrypoint.removed.v1',
  'cycle.appeared.v1', 'cycle.resolved.v1',
  'secret.detected.v1',
  'harvest.failed.v1',
  'harvest.blocked.v1',
  'consumer.held.v1',
];

/** How many differences and secrets of each harvest have been told. */
export type Told = Readonly<Record<string, number>>;

const MOST_DIFFERENCES = 10;

/**
 * The line that an event deserves, if any: each new graph, failed or withheld harvest and held event, and of a harvest the first ten open
 * secrets of high severity and the first ten differences. Returns what has been told by then.
 */
export function watchLine(told: Told, logged: LoggedEvent, style: Style): { told: Told; line: string | null } {
  const { event } = logged;
  const at = style.dim(timeOfDay(event.time).slice(0, 8));
  if (event.type === 'graph.normalized.v1') return { told: {}, line: `${at}  ${graphNews(event.data, style)}` };
  if (event.type === 'harvest.failed.v1') return { told, line: `${at}  ${style.bad('harvest failed')}: ${gistOf(event)}${jobOf(event.data)}` };
  if (event.type === 'harvest.blocked.v1') return { told, line: `${at}  ${style.bad('harvest blocked')}: ${messageOf(event.data)}${jobOf(event.data)}` };
  if (event.type === 'secret.detected.v1' && !isUrgent(event.data)) return { told, line: null };
  if (event.type === 'consumer.held.v1') return { told, line: `${at}  ${style.bad('event held')}: ${gistOf(event)}; see \`granary held list\`` };
  const count = (told[event.correlationid] ?? 0) + 1;
  const next = { ...told, [event.correlationid]: count };
  if (count > MOST_DIFFERENCES + 1) return { told: next, line: null };
  if (event.type === 'secret.detected.v1' && count <= MOST_DIFFERENCES) return { told: next, line: `${at}  ${style.bad('secret found')}: ${gistOf(event)}` };
  const line = count > MOST_DIFFERENCES ? style.dim(`… see \`granary events trace ${event.correlationid}\` for all`) : `${differenceWord(event.type, style)} ${gistOf(event)}`;
  return { told: next, line: `          ${line}` };
}

interface GraphNews {
  name: string;
  commit: string;
  previousCommit: string | null;
  counts: { modules: number; imports: number; packages: number };
  changeCount: number | null;
}

// The event was checked against its contract when it was published and again when it was read.
function graphNews(data: unknown, style: Style): string {
  const { name, commit, previousCommit, counts, changeCount } = data as GraphNews;
  const span = previousCommit === null ? shortCommit(commit) : `${shortCommit(previousCommit)} → ${shortCommit(commit)}`;
  return `${style.bold(printable(name))} ${span}: ${differences(changeCount)}; ${plural(counts.modules, 'module')}, ${plural(counts.imports, 'import')}, ${plural(counts.packages, 'package')}`;
}

// Only the ones that a gate would stop; `granary secrets list` has all.
function isUrgent(data: unknown): boolean {
  const { finding } = data as { finding: { severity: string; allowed: object | null } };
  return finding.severity === 'high' && finding.allowed === null;
}

// Of many repositories that are watched, the job says which one it was.
function jobOf(data: unknown): string {
  return `; see \`granary jobs show ${printable((data as { jobId: string }).jobId)}\``;
}

function messageOf(data: unknown): string {
  return printable((data as { message: string }).message).replace(/\.$/, '');
}

function differences(count: number | null): string {
  if (count === null) return 'first graph';
  return count === 0 ? 'no differences' : plural(count, 'difference');
}

function differenceWord(type: string, style: Style): string {
  const [what = '', how = ''] = type.split('.');
  const word = `${what} ${how}`.padEnd(19);
  if (how === 'added' || how === 'resolved') return style.good(word);
  return how === 'changed' ? style.accent(word) : style.warn(word);
}
