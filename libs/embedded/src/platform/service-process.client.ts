import { mkdirSync } from 'node:fs';
import { startChild, type Child } from '../processes/child.client';
import type { LogFile } from '../processes/log-file.store';
import { waitUntil } from '../processes/process.client';
import type { Running } from './supervise.worker';

export interface ServiceProcess {
  readonly name: string;
  /** The compiled main file. */
  readonly entry: string;
  /** Loaded before it. */
  readonly preload?: string;
  readonly env: Record<string, string>;
  readonly folder: string;
  readonly url: string;
  readonly output: LogFile;
}

/** Starts a service in a process of its own; it is ready when its health says so. */
export async function startService({ name, entry, preload, env, folder, url, output }: ServiceProcess): Promise<Running> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const child = await startChild({
    name,
    command: process.execPath,
    args: [...(preload === undefined ? [] : ['--require', preload]), entry],
    marker: entry,
    options: { env, cwd: folder },
    onOutput: output.write,
  });
  return { child, ready: untilReady(child, url), end: (withinMs) => child.end(withinMs) };
}

function untilReady(child: Child, url: string): Promise<void> {
  return new Promise((resolve) => {
    const look = async () => !child.isRunning() || (await isReady(url));
    void waitUntil(look, Number.POSITIVE_INFINITY, 50).then(() => {
      if (child.isRunning()) resolve();
    });
  });
}

async function isReady(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(2_000) });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}
