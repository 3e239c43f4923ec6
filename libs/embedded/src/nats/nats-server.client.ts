import { globSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Fault } from '@granary/faults';
import { readIfThere, writePrivateFile } from '../data-folder/private-file.store';
import { startChild, type Child, type Exit } from '../processes/child.client';
import { endLeftover } from '../processes/leftover.client';
import { signalProcess, waitUntil } from '../processes/process.client';
import type { Log } from '../types';
import { renderNatsConfig, type NatsConfig, type NatsUser } from './config';
import { parsePorts, type NatsPorts } from './ports-file';

const READY_MS = 20_000;
const STOP_MS = 3_000;

export interface NatsServer extends NatsPorts {
  /** `nats://127.0.0.1:<port>`, without credentials. */
  readonly url: string;
  readonly monitorUrl: string;
  readonly child: Child;
  /** Lets in these foreign clients and no others, whose connections are closed. What else is connected stays so. */
  letIn(publishers: readonly NatsUser[]): void;
  /** Kills it when it is not gone in time. */
  stop(withinMs?: number): Promise<Exit>;
}

/** Everything of the configuration; ports only when the server must come back where it was. */
export interface NatsSettings extends Omit<NatsConfig, keyof NatsPorts> {
  readonly binary: string;
  readonly ports?: NatsPorts;
  readonly log: Log;
}

/**
 * Starts a nats-server on loopback and waits until JetStream has recovered what it stored.
 * @throws Fault `nats-start-failed` with the end of the server's log
 */
export async function startNats({ binary, ports, log, ...config }: NatsSettings): Promise<NatsServer> {
  const { folder, logFile } = config;
  for (const path of [folder, dirname(logFile)]) mkdirSync(path, { recursive: true, mode: 0o700 });
  const pid = await endLeftover({ pidFile: join(folder, 'nats.pid'), folder, signal: 'SIGTERM' });
  if (pid !== null) log.warn({ pid }, 'stopped the nats-server of a start that was killed');

  const file = join(folder, 'nats.conf');
  const write = (more: Pick<NatsConfig, 'publishers'> = {}) => writePrivateFile(file, renderNatsConfig({ port: -1, monitorPort: -1, ...ports, ...config, ...more }));
  write();
  const child = await startChild({ name: 'nats', command: binary, args: ['-c', file], marker: folder });
  const found = await waitForPorts(folder, logFile, child);
  const url = `nats://127.0.0.1:${found.port}`;
  const monitorUrl = `http://127.0.0.1:${found.monitorPort}`;
  if (!(await waitUntil(async () => !child.isRunning() || (await isHealthy(monitorUrl)), READY_MS)) || !child.isRunning()) throw await failed(logFile, child);
  return {
    ...found,
    url,
    monitorUrl,
    child,
    letIn(publishers) {
      // The server reads it again, and takes it whole or not at all: everything but the publishers has to be as it was.
      write({ publishers });
      signalProcess(child.pid, 'SIGHUP');
    },
    stop: (withinMs = STOP_MS) => child.end(withinMs),
  };
}

async function waitForPorts(folder: string, logFile: string, child: Child): Promise<NatsPorts> {
  let ports: NatsPorts | null = null;
  await waitUntil(
    () => {
      const [name] = globSync(`*_${child.pid}.ports`, { cwd: folder });
      ports = name === undefined ? null : parsePorts(readIfThere(join(folder, name)) ?? '');
      return ports !== null || !child.isRunning();
    },
    READY_MS,
    5,
  );
  if (ports === null) throw await failed(logFile, child);
  return ports;
}

async function isHealthy(monitorUrl: string): Promise<boolean> {
  try {
    const response = await fetch(`${monitorUrl}/healthz`, { signal: AbortSignal.timeout(2_000) });
    return response.ok;
  } catch {
    return false;
  }
}

async function failed(logFile: string, child: Child): Promise<Fault> {
  const how = child.isRunning() ? `was not ready within ${READY_MS / 1000} s` : `ended (code ${(await child.exited).code ?? 'none'})`;
  await child.end(500);
  const log = (readIfThere(logFile) ?? '').trimEnd().split('\n').slice(-5).join('\n  ');
  return Fault.transient('nats-start-failed', `nats-server ${how}. The end of ${logFile}:\n  ${log}`);
}
