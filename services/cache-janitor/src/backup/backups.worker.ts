import { setTimeout as delay } from 'node:timers/promises';
import { backupsToRemove, clearScratch, createBackup, describeBackup, listBackups, readBackup, removeBackup, verifyBackup, type CreateOptions, type ListedBackup, type Retention, type VerifyOptions } from '@granary/backup';
import { Fault } from '@granary/faults';
import type { Lease } from '@granary/messaging';
import type { Logger } from '@granary/observability';
import type { Database } from '@granary/persistence';
import { PLATFORM_TENANT } from '@granary/security';
import type { Task } from '@granary/service-host';
import { backupRunStore, type BackupRun } from '../store/backup-run.store';
import type { BackupMeters } from './metrics';
import { due, type Schedule } from './schedule';

export interface BackupsOptions {
  readonly database: Database;
  readonly log: Logger;
  readonly now: () => Date;
  readonly newId: () => string;
  /** Names this process among the replicas; a new one with each start. */
  readonly owner: string;
  readonly create: Omit<CreateOptions, 'now' | 'signal'>;
  readonly verify: Omit<VerifyOptions, 'log' | 'now' | 'signal'>;
  readonly schedule: Schedule;
  readonly retention: Retention;
  readonly meters: BackupMeters;
  readonly lookMs: number;
  readonly leaseTtlMs: number;
}

/** Where the backups are, as this process last saw them. */
export interface BackupsTask extends Task {
  backups(): readonly ListedBackup[];
  lastFailure(): BackupRun | null;
}

/** One replica at a time makes backups, since there is one folder. */
const BACKUPS = { consumer: 'backups', group: 0 };
/** How often the folder is looked into while nothing is done. */
const LOOK_INTO_MS = 60_000;

/** Makes backups when they are due or asked for, proves each, and removes those that are not kept any longer. */
export function backupsTask(options: BackupsOptions): BackupsTask {
  const { database, log, now, lookMs, leaseTtlMs, owner, create, verify } = options;
  const stopping = new AbortController();
  const since = now();
  let backups: readonly ListedBackup[] = [];
  let runs: readonly BackupRun[] = [];
  let lookedAt = -Infinity;
  let done: Promise<void> = Promise.resolve();

  return {
    name: 'backups',
    backups: () => backups,
    lastFailure: () => runs.find(({ state }) => state === 'done' || state === 'failed') ?? null,
    async start() {
      await look();
      done = attend();
    },
    async stop() {
      stopping.abort(Fault.transient('stopped', 'the service was stopped in the middle; what was begun is removed'));
      await done;
    },
  };

  async function attend(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        const lease = await database.leases.acquire(BACKUPS, owner, leaseTtlMs);
        if (lease !== null) await lead(lease);
        else await look();
      } catch (error) {
        log.warn({ err: error }, 'backups are interrupted; they go on when it works again');
      }
      await pause(lookMs);
    }
  }

  async function lead(lease: Lease): Promise<void> {
    const ended = new AbortController();
    const signal = AbortSignal.any([stopping.signal, ended.signal]);
    const renewal = setInterval(() => void renew(lease, ended), leaseTtlMs / 3);
    try {
      await clearScratch(verify.scratch);
      for (const run of await across(backupRunStore.running)) await fail(run, Fault.transient('interrupted', 'the process that did it ended before it was done, and what it had begun counts for nothing; or this is what was restored from that very backup'));
      while (!signal.aborted) {
        await look();
        await plan();
        const run = await across(backupRunStore.begin);
        if (run === null) await pause(lookMs);
        else await carryOut(run, signal);
      }
    } finally {
      clearInterval(renewal);
      await database.leases.release(lease).catch(() => undefined);
    }
  }

  async function renew(lease: Lease, ended: AbortController): Promise<void> {
    const renewed = await database.leases.renew(lease, leaseTtlMs).catch(() => false);
    if (!renewed) ended.abort(Fault.transient('lease-lost', 'another replica makes the backups now'));
  }

  async function look(): Promise<void> {
    if (performance.now() - lookedAt > LOOK_INTO_MS) {
      backups = (await listBackups(create.root)).backups;
      lookedAt = performance.now();
    }
    runs = await across((manager) => backupRunStore.newest(manager, 20));
  }

  async function plan(): Promise<void> {
    const known = backups.map(({ name, manifest, verification }) => ({ name, createdAt: new Date(manifest.createdAt), verifiedAt: verification === null ? null : new Date(verification.verifiedAt) }));
    const next = due({ now: now(), since, backups: known, runs }, options.schedule);
    if (next !== null) await across((manager) => backupRunStore.add(manager, { ...next, runId: options.newId(), correlationId: options.newId(), requestedBy: null, requestedAt: now() }));
  }

  async function carryOut(run: BackupRun, signal: AbortSignal): Promise<void> {
    const begun = performance.now();
    const took = () => performance.now() - begun;
    try {
      if (run.kind === 'create') await make(run, signal, took);
      else await prove(run, signal, took);
      options.meters.ended(run.kind, 'done', took() / 1_000);
    } catch (error) {
      options.meters.ended(run.kind, 'failed', took() / 1_000);
      log.error({ err: error, kind: run.kind, backup: run.backup }, run.kind === 'create' ? 'no backup could be made' : 'a backup could not be verified');
      await fail(run, signal.aborted ? (signal.reason as unknown) : error);
    } finally {
      lookedAt = -Infinity;
    }
  }

  async function make(run: BackupRun, signal: AbortSignal, took: () => number): Promise<void> {
    const made = await createBackup({ ...create, now, signal });
    log.info({ backup: made.name, bytes: made.manifest.bytes, rows: made.manifest.rows, ms: Math.round(took()) }, 'backup created');
    await database.transact(causeOf(run), async ({ manager, announce }) => {
      await backupRunStore.end(manager, run.runId, { state: 'done', backup: made.name, endedAt: now(), code: null, message: null });
      await backupRunStore.add(manager, { runId: options.newId(), kind: 'verify', backup: made.name, correlationId: run.correlationId, requestedBy: run.requestedBy, requestedAt: now() });
      announce({ type: 'backup.created.v1', key: 'backups', data: { runId: run.runId, backup: describeBackup(made), milliseconds: Math.round(took()), by: run.requestedBy } });
    });
  }

  async function prove(run: BackupRun, signal: AbortSignal, took: () => number): Promise<void> {
    const backup = await readBackup(`${create.root}/${run.backup}`);
    const verification = await verifyBackup(backup, { ...verify, log, now, signal });
    const removed = await removeOld();
    log.info({ backup: backup.name, rows: verification.rows, messages: verification.messages, removed, ms: Math.round(took()) }, 'backup verified');
    await database.transact(causeOf(run), async ({ manager, announce }) => {
      await backupRunStore.end(manager, run.runId, { state: 'done', backup: backup.name, endedAt: now(), code: null, message: null });
      announce({ type: 'backup.verified.v1', key: 'backups', data: { runId: run.runId, backup: describeBackup({ ...backup, verification }), milliseconds: Math.round(took()), by: run.requestedBy, removed } });
    });
  }

  async function removeOld(): Promise<string[]> {
    const { backups: all } = await listBackups(create.root);
    const removed = backupsToRemove(all.map(({ name, verification }) => ({ name, verified: verification !== null })), options.retention);
    for (const name of removed) await removeBackup(create.root, name);
    return removed;
  }

  async function fail(run: BackupRun, error: unknown): Promise<void> {
    const { code, message } = Fault.from(error);
    await database.transact(causeOf(run), async ({ manager, announce }) => {
      await backupRunStore.end(manager, run.runId, { state: 'failed', backup: run.backup, endedAt: now(), code, message });
      announce({ type: 'backup.failed.v1', key: 'backups', data: { runId: run.runId, kind: run.kind, backup: run.backup, code, message, by: run.requestedBy } });
    });
  }

  function across<R>(work: (manager: Database['across']['rows']) => Promise<R>): Promise<R> {
    return work(database.across.rows);
  }

  async function pause(ms: number): Promise<void> {
    await delay(ms, undefined, { signal: stopping.signal }).catch(() => undefined);
  }
}

const causeOf = ({ correlationId }: BackupRun) => ({ tenant: PLATFORM_TENANT, correlationId });
