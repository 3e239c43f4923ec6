import { chmodSync, globSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endLeftover, inspectLock, lockDataFolder } from '@granary/embedded';

const PREFIX = 'granary-test-';
const lockOf = (folder: string) => join(folder, 'lock.json');

export interface ServerFolder {
  readonly path: string;
  remove(): void;
}

/** A temporary folder for servers, marked as used by this process so that a later run can clean up after a killed one. */
export function serverFolder(): ServerFolder {
  const path = mkdtempSync(join(tmpdir(), PREFIX));
  // Under root, PostgreSQL runs as another user and has to pass through.
  chmodSync(path, 0o711);
  lockDataFolder(path, lockOf(path));
  for (const name of ['nats', 'logs']) mkdirSync(join(path, name), { mode: 0o700 });
  return { path, remove: () => rmSync(path, { recursive: true, force: true, maxRetries: 3 }) };
}

/** Ends the servers of test runs that were killed, and removes their folders. */
export async function sweepServerFolders(): Promise<void> {
  for (const folder of globSync(join(tmpdir(), `${PREFIX}*`))) {
    if (inspectLock(lockOf(folder)).state !== 'stale') continue;
    const [nats, postgres] = [join(folder, 'nats'), join(folder, 'postgres')];
    await endLeftover({ pidFile: join(nats, 'nats.pid'), folder: nats, signal: 'SIGKILL' });
    await endLeftover({ pidFile: join(postgres, 'postmaster.pid'), folder: postgres, signal: 'SIGQUIT' });
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}
