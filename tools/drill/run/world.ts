import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readPlatformFile } from '@granary/embedded';
import type { PlatformFile } from '@granary/embedded';
import { temporaryRepository, waitFor } from '@granary/testing';
import type { TemporaryRepository } from '@granary/testing';
import { Client } from 'pg';
import type { ShellSettings } from './shell.ts';

/** A platform under watch, for drills to break. */
export interface World extends ShellSettings {
  /** What the platform harvests. */
  repository: TemporaryRepository;
  platform(): PlatformFile;
  /** By how much durations are divided in the rules that its alerts come of. */
  timeScale: number;
  /** The names of the alerts that are active in Alertmanager. */
  alerts(): Promise<string[]>;
  /** A connection to the platform's database, or another one of its server, as the administrator; whoever opens it closes it. */
  database(name?: string): Promise<Client>;
  /** Runs the CLI and reads its JSON. @throws Error with what it printed when it did not end with 0 */
  granary<T>(...args: string[]): Promise<T>;
  /** A line for whoever watches. */
  say(line: string): void;
  /** What a command printed, for whoever wants to see all. */
  detail(output: string): void;
}

export type WorldSettings = Omit<World, 'platform' | 'database' | 'granary'>;

/** What drills need of a platform that runs already. */
export function worldOf(settings: WorldSettings): World {
  const platform = () => {
    const file = readPlatformFile(settings.data);
    if (file === null) throw new Error(`no platform runs in ${settings.data}`);
    return file;
  };
  return {
    ...settings,
    platform,
    async database(name) {
      const url = new URL(platform().database.url);
      if (name !== undefined) url.pathname = `/${name}`;
      const { postgres } = JSON.parse(readFileSync(join(settings.data, 'credentials.json'), 'utf8')) as { postgres: Record<string, string> };
      [url.username, url.password] = ['granary_admin', postgres['granary_admin'] ?? ''];
      const client = new Client({ connectionString: url.href, application_name: 'drill' });
      // Runbooks end sessions of drills, too.
      client.on('error', () => undefined);
      await client.connect();
      return client;
    },
    async granary(...args) {
      const child = spawn(process.execPath, [cliOf(settings.root), ...args, '--json'], { env: { ...settings.env, NODE_OPTIONS: '', GRANARY_DATA: settings.data }, stdio: ['ignore', 'pipe', 'pipe'], timeout: COMMAND_MS });
      const [out, err] = [textOf(child.stdout), textOf(child.stderr)];
      const [code] = (await once(child, 'close')) as [number | null];
      if (code !== 0) throw new Error(`granary ${args.join(' ')} ended with ${code}: ${err()}`);
      return JSON.parse(out());
    },
  };
}

/** Settings under which faults show soon. */
const SETTINGS = { GRANARY_GATEWAY_PORT: '0', GRANARY_METRICS_KEEP: '200ms', GRANARY_HARVESTER_RETRY: '100ms', GRANARY_HARVESTER_RETRY_FAILED: '1s', GRANARY_HARVESTER_WORKER_IDLE: '1s', GRANARY_BACKUP_FIRST: '7d', GRANARY_HARVESTER_POLL_LOCAL_BUSY: '1s', GRANARY_HARVESTER_POLL_LOCAL_QUIET: '1s', GRANARY_HARVESTER_POLL_BUSY: '1s', GRANARY_HARVESTER_POLL_QUIET: '2s' };

const FILES = {
  'package.json': '{"name":"shop","version":"1.0.0"}',
  'index.ts': "import './cart';\n",
  'cart.ts': 'export {};\n',
};

const READY_MS = 180_000;
/** A command that hangs with the platform is ended. */
const COMMAND_MS = 60_000;

export interface RunningPlatform {
  data: string;
  repository: TemporaryRepository;
  /** Stops it and removes its folders. */
  stop(): Promise<void>;
}

/** Starts a platform in a fresh data folder, as `granary up` does, with a small repository of its own. */
export async function startPlatformOfDrills({ root, env, settings = {} }: { root: string; env: ShellSettings['env']; settings?: Readonly<Record<string, string>> }): Promise<RunningPlatform> {
  const folder = mkdtempSync(join(tmpdir(), 'granary-drill-'));
  const data = join(folder, 'data');
  const repository = await temporaryRepository(FILES);
  // In a group of its own: Ctrl-C in a terminal reaches only us, and we stop it when the drill is through.
  const child = spawn(process.execPath, [cliOf(root), 'up', repository.path, '--json'], { cwd: root, env: { ...env, NODE_OPTIONS: '', ...SETTINGS, ...settings, GRANARY_DATA: data }, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  const [out, err] = [textOf(child.stdout), textOf(child.stderr)];
  const stop = async () => {
    await end(child);
    repository.remove();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await waitFor(() => child.exitCode !== null || out().trimEnd().endsWith('}'), { timeoutMs: READY_MS, what: 'the platform to be ready' });
    if (child.exitCode !== null) throw new Error(`granary up ended with ${child.exitCode}: ${err()}`);
  } catch (error) {
    await stop();
    throw error;
  }
  return { data, repository, stop };
}

const cliOf = (root: string): string => join(root, 'tools', 'cli', 'bin', 'granary.mjs');

/** In order, and hard when that hangs. */
async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const closed = once(child, 'close');
  child.kill('SIGINT');
  const timer = setTimeout(() => child.kill('SIGKILL'), 40_000);
  await closed;
  clearTimeout(timer);
}

function textOf(stream: NodeJS.ReadableStream): () => string {
  const chunks: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  return () => Buffer.concat(chunks).toString();
}
