import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Fault } from '@granary/faults';
import { endLeftover, freePort, openLogFile, portNear, startChild, supervise, waitUntil, writePrivateFile, type Child, type Crash, type Log } from '@granary/embedded';

const READY_MS = 60_000;
/** A program that ends so often before it was ever ready is broken, not unlucky. */
const HOPELESS_CRASHES = 3;

export interface KeepProgram {
  readonly name: string;
  readonly binary: string;
  /** Absolute path; a part of the arguments, by which a later start recognises what a killed one left. */
  readonly folder: string;
  /** Where it listens, when that is free; else anywhere. */
  readonly port?: number;
  /** @param address `host:port` to listen on */
  readonly args: (address: string) => readonly string[];
  readonly log: Log;
  readonly onCrash: (crash: Crash) => void;
  /** Aborts the start: it rejects with Fault `interrupted`. */
  readonly signal?: AbortSignal | undefined;
}

export interface KeptProgram {
  readonly url: string;
  /** `host:port` */
  readonly address: string;
  pid(): number | null;
  stop(withinMs: number): Promise<void>;
}

/**
 * Starts Prometheus or Alertmanager on loopback, waits until it is ready, and starts it again in its place after each crash.
 * @throws Fault `<name>-start-failed` with the end of its log
 */
export async function keepProgram({ name, binary, folder, port: wanted, args, log, onCrash, signal }: KeepProgram): Promise<KeptProgram> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const pidFile = join(folder, `${name}.pid`);
  const leftover = await endLeftover({ pidFile, folder, signal: 'SIGTERM' });
  if (leftover !== null) log.warn({ pid: leftover }, `stopped the ${name} of a start that was killed`);

  const output = openLogFile(join(folder, `${name}.log`));
  let port = await (wanted === undefined ? freePort() : portNear(wanted));
  let wasReady = false;
  const address = () => `127.0.0.1:${port}`;
  const url = () => `http://${address()}`;
  const first = Promise.withResolvers<void>();
  const fail = (why: string) => first.reject(Fault.permanent(`${name}-start-failed`, `${name} ${why}. The end of ${output.path}:\n  ${output.tail(8).replaceAll('\n', '\n  ')}`));
  const deadline = setTimeout(() => fail(`was not ready within ${READY_MS / 1000} s`), READY_MS);

  const process = supervise({
    name,
    log,
    async start() {
      const child = await startChild({ name, command: binary, args: args(address()), marker: folder, options: { cwd: dirname(binary) }, onOutput: output.write });
      writePrivateFile(pidFile, `${child.pid}\n`);
      return { child, ready: untilReady(child, url()), end: (withinMs) => child.end(withinMs) };
    },
    onReady() {
      wasReady = true;
      clearTimeout(deadline);
      first.resolve();
    },
    onCrash(crash) {
      onCrash(crash);
      if (wasReady) return;
      if (crash.restarts === HOPELESS_CRASHES) fail(`ended ${HOPELESS_CRASHES} times before it was ready`);
      // It may have failed because another program took its port first.
      void freePort().then((free) => (port = free));
    },
  });

  const interrupt = () => first.reject(Fault.transient('interrupted', `the start of ${name} was interrupted`));
  signal?.addEventListener('abort', interrupt, { once: true });
  if (signal?.aborted) interrupt();

  async function stop(withinMs: number): Promise<void> {
    clearTimeout(deadline);
    await process.stop(withinMs);
    output.close();
  }
  try {
    await first.promise;
  } catch (error) {
    await stop(2_000);
    throw error;
  } finally {
    signal?.removeEventListener('abort', interrupt);
  }
  return { url: url(), address: address(), pid: process.pid, stop };
}

function untilReady(child: Child, url: string): Promise<void> {
  return new Promise((resolve) => {
    void waitUntil(async () => !child.isRunning() || (await isReady(url)), Number.POSITIVE_INFINITY, 50).then(() => {
      if (child.isRunning()) resolve();
    });
  });
}

async function isReady(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/-/ready`, { signal: AbortSignal.timeout(2_000) });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}
