import type { Backup, BackupRun, CacheJanitorBackupListResponse } from '@granary/contracts';
import { formatAgo, formatBytes, formatCount } from '../shell/format';
import { printable, type Style } from '../shell/style';
import { type Column, renderTable } from '../shell/table';

export type Backups = Pick<CacheJanitorBackupListResponse, 'backups' | 'unreadable' | 'folder'> & { readonly runs?: readonly BackupRun[] };

/** The backups of a folder, what cannot be read there, and what is being done or went wrong last. */
export function renderBackups({ backups, unreadable, runs = [], folder }: Backups, now: Date, style: Style): string {
  const columns: Column<Backup>[] = [
    { title: 'backup', value: ({ name }) => name, paint: style.bold },
    { title: 'made', value: ({ createdAt }) => formatAgo(createdAt, now) },
    { title: 'verified', value: ({ verifiedAt }) => formatAgo(verifiedAt, now) ?? 'not yet', paint: (text, { verifiedAt }) => (verifiedAt === null ? style.warn(text) : text) },
    { title: 'size', value: ({ bytes }) => formatBytes(bytes) },
    { title: 'rows', value: ({ rows }) => formatCount(rows) },
    { title: 'messages', value: ({ messages }) => formatCount(messages) },
    { title: 'up to', value: ({ sequence }) => formatCount(sequence), paint: style.dim },
  ];
  const table = renderTable(backups, columns, style, `No backups in ${printable(folder)}.`);
  const problems = unreadable.map(({ name, why }) => style.bad(`${printable(name)}: ${printable(why)}`));
  return [table, ...problems, ...newsOf(runs).map((text) => style.warn(text))].join('\n');
}

/** What is under way, and a failure that nothing has made good since. */
function newsOf(runs: readonly BackupRun[]): string[] {
  const open = runs.filter(({ state }) => state === 'waiting' || state === 'running');
  const last = runs.find(({ state }) => state === 'done' || state === 'failed');
  return [...open.map(({ kind, backup, state }) => `${kind === 'create' ? 'A backup' : `The proof of ${backup}`} ${state === 'waiting' ? 'waits' : 'is under way'}.`), ...(last?.state === 'failed' ? [failureOf(last)] : [])];
}

export function failureOf({ kind, message }: Pick<BackupRun, 'kind' | 'message'>): string {
  return `The last attempt to ${kind === 'create' ? 'make' : 'verify'} a backup failed: ${printable(message ?? '')}`;
}
