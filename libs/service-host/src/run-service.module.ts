import { isFault } from '@granary/faults';
import type { ServiceDefinition } from './definition';
import { launchService, type Launch } from './host.module';

/** EX_CONFIG of sysexits.h: starting again with the same environment cannot help. */
const BAD_CONFIGURATION = 78;
const FAILED = 1;
const CONFIGURATION_FAULTS = ['invalid-config', 'broker-refused', 'database-refused'];

/**
 * The whole life of a service's process, for `main.ts`: reads the environment, starts, and stops in order at SIGTERM or
 * SIGINT. Exits with 0 after a complete stop, with 78 when the configuration is wrong or refused, with 1 otherwise.
 */
export async function runService<C extends object>(definition: ServiceDefinition<C>): Promise<void> {
  try {
    const launch = launchService(definition, process.env);
    const isStopping = stopOnSignals(launch);
    process.once('uncaughtException', (error) => crash(launch, error));
    await launch.ready.catch((error: unknown) => (isStopping() ? undefined : giveUp(launch, error)));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(exitCode(error));
  }
}

function stopOnSignals({ log, stop }: Pick<Launch, 'log' | 'stop'>): () => boolean {
  let stopping = false;
  const onSignal = (signal: NodeJS.Signals) => {
    log.info({ signal }, stopping ? 'asked to stop a second time; not waiting any longer' : 'asked to stop');
    if (stopping) process.exit(FAILED);
    stopping = true;
    void stop().then(({ unfinished }) => process.exit(unfinished.length === 0 ? 0 : FAILED));
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
  return () => stopping;
}

async function giveUp({ log, stop }: Pick<Launch, 'log' | 'stop'>, error: unknown): Promise<never> {
  log.fatal({ err: error }, 'service could not start');
  await stop();
  throw error;
}

/** A bug left the process in a state that nobody knows: it ends at once, and its supervisor starts a fresh one. */
function crash({ log }: Pick<Launch, 'log'>, error: Error): never {
  log.fatal({ err: error }, 'uncaught error; the process ends');
  process.exit(FAILED);
}

function exitCode(error: unknown): number {
  return isFault(error) && CONFIGURATION_FAULTS.includes(error.code) ? BAD_CONFIGURATION : FAILED;
}
