import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { Fault } from '@granary/faults';
import { makeApiKey } from '@granary/security';
import { isSameProcess, type ProcessRecord } from '../processes/process-record';
import { endProcess, inspectProcess } from '../processes/process.client';
import { completeCredentials, parseCredentials, type CompleteCredentials, type IdentityNames } from './credentials';
import { DATA_FORMAT, layoutOf, type Layout } from './layout';
import { lockDataFolder, type Lock } from './lock.store';
import { readJson, removeIfThere, writePrivateJson } from './private-file.store';

/** A data folder that this process alone may use until it closes it. */
export interface DataFolder {
  readonly layout: Layout;
  credentials(identities: IdentityNames): CompleteCredentials & { /** Whether what auth begins with was made just now. */ readonly isFirst: boolean };
  /** Notes processes that a later start has to stop should this one be killed. */
  note(record: ProcessRecord): void;
  forget(record: ProcessRecord): void;
  close(): void;
}

export interface Orphan {
  readonly name: string;
  readonly pid: number;
}

/**
 * Opens a data folder, creating it when missing, and stops what a crashed start has left running there.
 * @throws Fault `already-running`, `data-too-new`, `unreadable-file`
 */
export async function openDataFolder(path: string, onOrphan: (orphan: Orphan) => void = () => undefined): Promise<DataFolder> {
  const layout = layoutOf(resolve(path));
  mkdirSync(layout.root, { recursive: true, mode: 0o700 });
  // Files inside are 0600. The folder itself can be passed through, because under root PostgreSQL runs as another user.
  if (process.getuid?.() === 0) chmodSync(layout.root, 0o711);
  const lock = lockDataFolder(layout.root, layout.lock);
  try {
    checkFormat(layout);
    removeIfThere(layout.platform);
    await stopOrphans(layout, onOrphan);
    return open(layout, lock);
  } catch (error) {
    lock.release();
    throw error;
  }
}

function open(layout: Layout, lock: Lock): DataFolder {
  let records: ProcessRecord[] = [];
  const save = () => writePrivateJson(layout.processes, records);
  return {
    layout,
    credentials(identities) {
      const stored = parseCredentials(readJson(layout.credentials), layout.credentials);
      const complete = completeCredentials(stored, identities, { password: () => randomBytes(24).toString('base64url'), apiKey: () => makeApiKey().key });
      if (JSON.stringify(complete) !== JSON.stringify(stored)) writePrivateJson(layout.credentials, complete);
      return { ...complete, isFirst: stored?.auth === undefined };
    },
    note(record) {
      records = [...records, record];
      save();
    },
    forget(record) {
      records = records.filter((other) => other !== record);
      save();
    },
    close() {
      removeIfThere(layout.platform);
      lock.release();
    },
  };
}

function checkFormat(layout: Layout): void {
  const stored = readJson(layout.format) as { format?: unknown } | null;
  if (stored === null) return writePrivateJson(layout.format, { format: DATA_FORMAT });
  if (stored.format === DATA_FORMAT) return;
  throw Fault.permanent(
    'data-too-new',
    `${layout.root} was written in data format ${String(stored.format)}, this Granary knows ${DATA_FORMAT}; start a newer Granary, or choose another folder with GRANARY_DATA`,
  );
}

// The servers write their ids themselves and are looked for when they start again; here only services are noted.
async function stopOrphans(layout: Layout, onOrphan: (orphan: Orphan) => void): Promise<void> {
  const records = (readJson(layout.processes) as ProcessRecord[] | null) ?? [];
  await Promise.all(
    records.map(async (record) => {
      const facts = inspectProcess(record.pid);
      if (!isSameProcess(record, facts)) return;
      onOrphan({ name: record.name, pid: record.pid });
      await endProcess(facts, 'SIGTERM', 3_000);
    }),
  );
  writePrivateJson(layout.processes, []);
}
