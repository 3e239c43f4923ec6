import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { inboxPrefix } from '@granary/contracts';
import { carryKeys, endLeftover, inspectLock, layoutOf, RESTORER, startEmbedded, type Embedded, type Environment } from '@granary/embedded';
import { Fault } from '@granary/faults';
import { connectBroker } from '@granary/messaging';
import type { Logger } from '@granary/observability';
import { checkFiles, syncTree, type ListedBackup } from './backup-folder.store';
import { loadBackup } from './load.client';
import { schemaNames } from './manifest';
import { analyze } from './store/rows.store';

export interface RestoreOptions {
  /** Of the new platform: it must not be there, or be empty. */
  readonly dataDir: string;
  /** The identities that get a role and a schema. */
  readonly services: readonly string[];
  /** What `collectKeys` has collected; null to go on without. */
  readonly keys: unknown;
  /** May point to real servers, which must be empty. */
  readonly env: Environment;
  readonly log: Logger;
  readonly signal?: AbortSignal;
  readonly onStep?: (step: 'checking' | 'starting' | 'loading') => void;
  /** For tests only: neither broker nor database wait for the disk. */
  readonly fast?: boolean;
}

/**
 * Makes the data folder of a platform from a backup, ready to be started. It appears at the end or not at all: what is made
 * before lies beside it, in `<folder>.restoring`, and is removed by the next attempt.
 * @throws Fault permanent `folder-not-empty`, `backup-damaged`, `bad-keys`, `database-not-empty`, `stream-exists`; those of the servers
 */
export async function restoreBackup(backup: ListedBackup, options: RestoreOptions): Promise<void> {
  const { signal, onStep = () => undefined, keys, fast = false } = options;
  const dataDir = resolve(options.dataDir);
  const staging = `${dataDir}.restoring`;
  refuseFilled(dataDir);
  onStep('checking');
  await checkFiles(backup, signal);
  await clearStaging(staging);
  try {
    if (keys !== null) carryKeys(staging, keys);
    onStep('starting');
    await inServers(staging, options, backup, async (embedded) => {
      onStep('loading');
      await load(backup, embedded, options);
    });
    // The broker does not sync what it loads message by message, which takes minutes; so it is done once for all.
    const { nats } = layoutOf(staging);
    if (!fast && existsSync(nats)) await syncTree(nats);
    // Looked at again: somebody may have started a platform there meanwhile.
    refuseFilled(dataDir);
    moveIntoPlace(staging, dataDir);
  } catch (error) {
    rmSync(staging, { recursive: true, force: true });
    throw error;
  }
}

async function inServers(staging: string, { env, log, services, fast = false }: RestoreOptions, { manifest }: ListedBackup, work: (embedded: Embedded) => Promise<void>): Promise<void> {
  const identities = new Set([...services, ...schemaNames(manifest).map((schema) => schema.replaceAll('_', '-'))]);
  const embedded = await startEmbedded({ dataDir: staging, env, services: [...identities], restoring: true, log, fast, syncAlways: false });
  try {
    await work(embedded);
  } finally {
    await embedded.stop();
  }
}

async function load(backup: ListedBackup, { nats, postgres }: Embedded, { log, signal }: RestoreOptions): Promise<void> {
  const broker = await connectBroker({ url: nats.url, ...nats.credentials(RESTORER), name: RESTORER, inboxPrefix: inboxPrefix(RESTORER), log });
  try {
    await loadBackup(backup, { databaseUrl: postgres.adminUrl, broker }, signal);
    await analyze(postgres.adminUrl);
  } finally {
    await broker.close();
  }
}

/** An empty folder gives way, unless something is mounted there. */
function moveIntoPlace(staging: string, dataDir: string): void {
  try {
    renameSync(staging, dataDir);
  } catch (cause) {
    throw Fault.permanent('folder-not-movable', `${dataDir} cannot be put in place (${(cause as Error).message}): where it is a mount, name a folder inside of it with --data`, { cause });
  }
}

/** @throws Fault permanent `folder-not-empty` */
function refuseFilled(dataDir: string): void {
  const [first] = existsSync(dataDir) ? readdirSync(dataDir) : [];
  if (first === undefined) return;
  throw Fault.permanent('folder-not-empty', `${dataDir} is not empty (it has ${first}): a restore never writes over anything. Name another folder with --data, or move this one away`);
}

/** Ends what a restore that was killed has left running, and removes its files. */
async function clearStaging(staging: string): Promise<void> {
  const { lock, nats, postgres } = layoutOf(staging);
  const state = inspectLock(lock);
  if (state.state === 'held') throw Fault.permanent('already-running', `process ${state.by.pid} restores into ${dirname(lock)} since ${state.by.since}: wait for it, or end it`);
  await endLeftover({ pidFile: `${nats}/nats.pid`, folder: nats, signal: 'SIGTERM' });
  await endLeftover({ pidFile: `${postgres}/postmaster.pid`, folder: postgres, signal: 'SIGINT' });
  rmSync(staging, { recursive: true, force: true });
}
