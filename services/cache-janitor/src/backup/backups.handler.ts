import { describeBackup, listBackups } from '@granary/backup';
import { Fault } from '@granary/faults';
import { serve } from '@granary/messaging';
import type { RpcContext, RpcHandler } from '@granary/messaging';
import type { Database } from '@granary/persistence';
import { backupRunStore, type BackupRun, type RunKind } from '../store/backup-run.store';
import { asRun } from './as-run';

export interface BackupRpcDeps {
  readonly database: Database;
  /** Where backups lie, null where none are made. */
  readonly root: string | null;
  readonly now: () => Date;
  readonly newId: () => string;
}

/** What one list holds at most; retention keeps far fewer. */
const MOST = 1_000;
const RUNS = 50;

/** What operators of the platform ask for about backups. */
export function backupRpcs({ database, root, now, newId }: BackupRpcDeps): RpcHandler[] {
  const ask = async (kind: RunKind, backup: string | null, { caller, correlationId }: RpcContext): Promise<BackupRun> => {
    refuseWithout(root);
    return backupRunStore.add(database.across.rows, { runId: newId(), kind, backup, correlationId, requestedBy: caller, requestedAt: now() });
  };
  return [
    serve('cache-janitor.backup.create', async (_, context) => ({ run: asRun(await ask('create', null, context)) })),
    serve('cache-janitor.backup.verify', async ({ backup }, context) => {
      const { backups } = await listBackups(refuseWithout(root));
      const wanted = backup === undefined ? backups.at(-1) : backups.find(({ name }) => name === backup);
      if (wanted === undefined) throw Fault.permanent('backup-not-found', backup === undefined ? 'there is no backup yet; make one with `granary backup create`' : `there is no backup ${backup}; \`granary backup list\` shows which there are`);
      return { run: asRun(await ask('verify', wanted.name, context)) };
    }),
    serve('cache-janitor.backup.list', async () => {
      const { backups, unreadable } = await listBackups(refuseWithout(root));
      const runs = await backupRunStore.newest(database.across.rows, RUNS);
      return { backups: backups.toReversed().slice(0, MOST).map(describeBackup), unreadable: unreadable.slice(0, MOST), runs: runs.map(asRun), folder: refuseWithout(root) };
    }),
  ];
}

function refuseWithout(root: string | null): string {
  if (root !== null) return root;
  throw Fault.permanent('backups-off', 'no backups are made here, because GRANARY_BACKUP_DATABASE_URL is not set for cache-janitor: it names the role that backups read with');
}
