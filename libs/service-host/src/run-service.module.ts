import { flushCompileCache } from 'node:module';
import { isFault } from '@granary/faults';
import { redactText } from '@granary/observability';
import type { Environment } from './config/read-config';
import type { ServiceDefinition } from './definition';
import { launchService, type Launch, type Surroundings } from './host.module';

/** EX_CONFIG of sysexits.h: starting again with the same environment cannot help. */
const BAD_CONFIGURATION = 78;
const FAILED = 1;
const CONFIGURATION_FAULTS = ['invalid-config', 'broker-refused', 'broker-untrusted', 'database-refused', 'database-untrusted'];

/** What a service needs of the process it lives in. */
export interface ServiceProcess {
  readonly env: Environment;
  readonly stderr: { write(text: string): unknown };
  on(event: 'SIGTERM' | 'SIGINT' | 'SIGUSR2', listener: (signal: NodeJS.Signals) => void): unknown;
  on(event: 'uncaughtException', listener: (error: Error) => void): unknown;
  exit(code: number): void;
}

/**
 * The whole life of a service's process, for `main.ts`: reads the environment, starts, drains at SIGUSR2, and stops in order
 * at SIGTERM or SIGINT. Exits with 0 after a complete stop, with 78 when the configuration is wrong or refused, with 1 otherwise.
 */
export async function runService<C extends object>(definition: ServiceDefinition<C>): Promise<void> {
  await runIn(process, definition);
}

/** `runService` in a process that is given. */
export async function runIn<C extends object>(own: ServiceProcess, definition: ServiceDefinition<C>, surroundings: Surroundings = {}): Promise<void> {
  try {
    const launch = launchService(definition, own.env, surroundings);
    const isStopping = stopOnSignals(own, launch);
    own.on('SIGUSR2', () => {
      launch.log.info('asked to drain');
      // Whoever waits for the start learns that it failed.
      launch.drain().catch(() => undefined);
    });
    own.on('uncaughtException', (error) => crash(own, launch, error));
    await launch.ready.catch((error: unknown) => (isStopping() ? undefined : giveUp(launch, error)));
    // Node would write its compile cache at the end, where a stop has no time to lose.
    flushCompileCache();
  } catch (error) {
    own.stderr.write(`${redactText(error instanceof Error ? error.message : String(error))}\n`);
    own.exit(exitCode(error));
  }
}

function stopOnSignals(own: ServiceProcess, { log, stop }: Pick<Launch, 'log' | 'stop'>): () => boolean {
  let stopping = false;
  const onSignal = (signal: NodeJS.Signals) => {
    log.info({ signal }, stopping ? 'asked to stop a second time; not waiting any longer' : 'asked to stop');
    if (stopping) return own.exit(FAILED);
    stopping = true;
    void stop().then(({ unfinished }) => own.exit(unfinished.length === 0 ? 0 : FAILED));
  };
  own.on('SIGTERM', onSignal);
  own.on('SIGINT', onSignal);
  return () => stopping;
}

async function giveUp({ log, stop }: Pick<Launch, 'log' | 'stop'>, error: unknown): Promise<never> {
  log.fatal({ err: error }, 'service could not start');
  await stop();
  throw error;
}

/** A bug left the process in a state that nobody knows: it ends at once, and its supervisor starts a fresh one. */
function crash(own: ServiceProcess, { log }: Pick<Launch, 'log'>, error: Error): void {
  log.fatal({ err: error }, 'uncaught error; the process ends');
  own.exit(FAILED);
}

function exitCode(error: unknown): number {
  return isFault(error) && CONFIGURATION_FAULTS.includes(error.code) ? BAD_CONFIGURATION : FAILED;
}
