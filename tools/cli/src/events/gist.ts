import type { Envelope } from '@granary/contracts';
import { shortCommit } from '../shell/format';
import { printable } from '../shell/style';

// Fields that tell what an event is about, in the order they are shown.
const TELLING = [
  ...['name', 'path', 'purl', 'modules', 'kind', 'reason', 'stage', 'consumer', 'code', 'message', 'commit', 'changeCount', 'tier', 'day', 'leaves', 'owner', 'entries', 'evictedEntries', 'size', 'epoch', 'version', 'threshold'],
  // Of people, programs and agents: what happened and whose it is, never what somebody wrote.
  ...['operation', 'provider', 'model', 'outcome', 'status', 'why', 'role', 'collection', 'taskId', 'executionId', 'agentId', 'workerId', 'poolId', 'tenant', 'keyId', 'principalId', 'active', 'service', 'counts'],
];
const MOST = 4;
const LONGEST = 100;

/** What an event says, in a few words: up to four telling fields of its data, else its job. */
export function gistOf({ data }: Envelope): string {
  if (typeof data !== 'object' || data === null) return '';
  const fields = data as Record<string, unknown>;
  const words = [...findingWords(fields['finding']), ...backupWords(fields['backup']), ...budgetWords(fields['budget']), ...TELLING.flatMap((field) => wordOf(field, fields[field]))].slice(0, MOST);
  const text = printable(words.join(' · ') || wordOf('job', fields['jobId']).join(''));
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
}

// What was found and where; the value itself is in no event.
function findingWords(finding: unknown): string[] {
  if (typeof finding !== 'object' || finding === null) return [];
  const { severity, rule, path, line } = finding as Record<string, unknown>;
  return [...wordOf('severity', severity), ...wordOf('rule', rule), ...wordOf('path', path).map((place) => (typeof line === 'number' ? `${place}:${line}` : place))];
}

function backupWords(backup: unknown): string[] {
  return typeof backup === 'object' && backup !== null ? wordOf('backup', (backup as Record<string, unknown>)['name']) : wordOf('backup', backup);
}

function budgetWords(budget: unknown): string[] {
  return typeof budget === 'object' && budget !== null ? wordOf('name', (budget as Record<string, unknown>)['name']) : [];
}

/** The service that announced an event. */
export function serviceOf({ source }: Envelope): string {
  return printable(source.replace(/^granary\//, ''));
}

function wordOf(field: string, value: unknown): string[] {
  if (typeof value === 'number') return [`${field} ${value}`];
  if (Array.isArray(value)) return [`${value.length} ${field}`];
  if (typeof value !== 'string' || value === '') return [];
  return [field === 'commit' ? (shortCommit(value) ?? '') : value];
}
