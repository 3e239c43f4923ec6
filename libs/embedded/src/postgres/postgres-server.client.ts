import { execFile } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { Fault } from '@granary/faults';
import { removeIfThere, writePrivateFile } from '../data-folder/private-file.store';
import { startChild, type Child, type Exit } from '../processes/child.client';
import { freePort } from '../processes/free-port.client';
import { endLeftover } from '../processes/leftover.client';
import { openLogFile, type LogFile } from '../processes/log-file.store';
import { waitUntil } from '../processes/process.client';
import type { Log } from '../types';
import { postgresPrograms, type PostgresPrograms } from './program.client';
import { initdbArguments, postgresArguments } from './settings';

const run = promisify(execFile);
const MAJOR = '18';
const READY_MS = 30_000;
const ATTEMPTS = 20;
const STOP_MS = 3_000;

export interface PostgresServer {
  readonly port: number;
  /** The superuser's URL of the database `postgres`. Holds the password. */
  readonly adminUrl: string;
  readonly child: Child;
  /** Kills it when it is not gone in time. */
  stop(withinMs?: number): Promise<Exit>;
}

export interface PostgresServerSettings {
  /** The database's own folder; created when missing. */
  readonly folder: string;
  readonly admin: { readonly user: string; readonly password: string };
  /** For tests only: without waiting for the disk. */
  readonly fast?: boolean;
  /** Only when the server must come back where it was. */
  readonly port?: number;
  readonly logFile: string;
  readonly log: Log;
}

/**
 * Starts the embedded PostgreSQL on loopback, setting the database up the first time, and waits until it answers.
 * @throws Fault `postgres-start-failed` with the end of the server's log, `postgres-data-other-version`, `postgres-missing`, `postgres-as-root`
 */
export async function startPostgres({ folder, admin, fast = false, port, logFile, log }: PostgresServerSettings): Promise<PostgresServer> {
  mkdirSync(dirname(folder), { recursive: true, mode: 0o700 });
  const programs = postgresPrograms(dirname(folder));
  const pid = await endLeftover({ pidFile: join(folder, 'postmaster.pid'), folder, signal: 'SIGINT' });
  if (pid !== null) log.warn({ pid }, 'stopped the PostgreSQL of a start that was killed');
  if (!existsSync(join(folder, 'PG_VERSION'))) await initialise({ programs, folder, admin, fast });
  checkVersion(folder);

  const output = openLogFile(logFile);
  for (let attempt = 1; ; attempt++) {
    const server = await tryStart({ programs, folder, admin, fast, port: port ?? (await freePort()), output });
    if (server !== null) return server;
    if (attempt === ATTEMPTS) {
      output.close();
      throw Fault.transient('postgres-start-failed', `PostgreSQL did not start. The end of ${logFile}:\n  ${output.tail(5).replaceAll('\n', '\n  ')}`);
    }
    log.debug({ attempt }, 'PostgreSQL did not start, trying again');
  }
}

interface Attempt {
  programs: PostgresPrograms;
  folder: string;
  admin: { user: string; password: string };
  fast: boolean;
  port: number;
  output: LogFile;
}

// null: worth another try. The port may have been taken meanwhile, or backends of a killed server still hold its shared memory.
async function tryStart({ programs, folder, admin, fast, port, output }: Attempt): Promise<PostgresServer | null> {
  const { command, args, options } = programs.command('postgres', postgresArguments({ folder, port, fast }));
  const child = await startChild({ name: 'postgres', command, args, marker: folder, options, onOutput: output.write });
  const adminUrl = `postgres://${admin.user}:${encodeURIComponent(admin.password)}@127.0.0.1:${port}/postgres`;
  await waitUntil(async () => !child.isRunning() || (await answers(adminUrl)), READY_MS);
  if (!child.isRunning()) {
    await waitUntil(() => false, 200);
    return null;
  }
  if (!(await answers(adminUrl))) {
    await child.end(STOP_MS, 'SIGQUIT');
    return null;
  }
  void child.exited.then(output.close);
  return {
    port,
    adminUrl,
    child,
    // SIGINT is the fast shutdown: it ends sessions. SIGTERM would wait for them.
    stop: (withinMs = STOP_MS) => child.end(withinMs, 'SIGINT'),
  };
}

async function answers(url: string): Promise<boolean> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('SELECT 1');
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

// In a folder beside and renamed at the end, so that a start killed in between leaves nothing half done.
async function initialise({ programs, folder, admin, fast }: Pick<Attempt, 'programs' | 'folder' | 'admin' | 'fast'>): Promise<void> {
  const draft = `${folder}.new`;
  const passwordFile = `${folder}.password`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { mode: 0o700 });
  chmodSync(draft, 0o700);
  programs.handOver(draft);
  writePrivateFile(passwordFile, `${admin.password}\n`);
  programs.handOver(passwordFile);
  try {
    const { command, args, options } = programs.command('initdb', initdbArguments({ folder: draft, admin: admin.user, passwordFile, fast }));
    await run(command, args, { ...options, timeout: 120_000 });
    renameSync(draft, folder);
  } catch (cause) {
    const said = String((cause as { stderr?: string }).stderr ?? cause).trim();
    throw Fault.permanent('postgres-start-failed', `the database could not be set up in ${folder}: ${said}`, { cause });
  } finally {
    removeIfThere(passwordFile);
  }
}

function checkVersion(folder: string): void {
  const version = readFileSync(join(folder, 'PG_VERSION'), 'utf8').trim();
  if (version === MAJOR) return;
  throw Fault.permanent(
    'postgres-data-other-version',
    `${folder} was written by PostgreSQL ${version}, the embedded one is ${MAJOR}: dump it with pg_dumpall of ${version} and load it into a new data folder, or choose another folder with GRANARY_DATA`,
  );
}
