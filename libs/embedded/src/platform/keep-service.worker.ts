import { join } from 'node:path';
import { Fault } from '@granary/faults';
import { cacheFolder } from '../data-folder/cache-folder';
import type { Embedded } from '../embedded.client';
import type { Child } from '../processes/child.client';
import { freePort } from '../processes/free-port.client';
import { openLogFile } from '../processes/log-file.store';
import type { Environment, Log } from '../types';
import { serviceEnvironment } from './service-environment';
import { startService } from './service-process.client';
import { supervise, type Crash, type Supervised } from './supervise.worker';

const READY_MS = 60_000;
/** A service that ends so often before it was ever ready is broken, not unlucky. */
const HOPELESS_CRASHES = 3;

export interface KeepServiceSettings {
  readonly name: string;
  readonly entry: string;
  readonly preload?: string;
  readonly port: number;
  readonly env: Environment;
  readonly embedded: Embedded;
  readonly log: Log;
  readonly onStart: (child: Child) => void;
  readonly onCrash: (crash: Crash) => void;
}

export interface KeptService extends Supervised {
  url(): string;
  /** Resolves when it is ready for the first time. @throws Fault `service-start-failed` with the end of its log */
  readonly firstReady: Promise<void>;
}

/** Starts a service and keeps it running. */
export function keepService({ name, entry, preload, port, env, embedded, log, onStart, onCrash }: KeepServiceSettings): KeptService {
  const { layout } = embedded.folder;
  const output = openLogFile(layout.logOf(name));
  const folder = layout.filesOf(name);
  const first = Promise.withResolvers<void>();
  const fail = (why: string) => first.reject(Fault.permanent('service-start-failed', `${name} ${why}. The end of ${output.path}:\n  ${output.tail(8).replaceAll('\n', '\n  ')}`));
  const deadline = setTimeout(() => fail(`was not ready within ${READY_MS / 1000} s`), READY_MS);
  let wasReady = false;
  const url = () => `http://127.0.0.1:${port}`;

  const process = supervise({
    name,
    log,
    start: () =>
      startService({
        name,
        entry,
        ...(preload !== undefined && { preload }),
        folder,
        url: url(),
        output,
        env: serviceEnvironment(env, {
          name,
          port,
          folder,
          nats: { url: embedded.nats.url, ...embedded.nats.credentials(name) },
          databaseUrl: embedded.postgres.urlFor(name),
          // Compiled code is the same for all data folders.
          compileCache: join(cacheFolder(env), 'compile'),
          backup: { databaseUrl: embedded.postgres.readerUrl, folder: layout.backups, natsServer: embedded.nats.binary },
          first: embedded.first,
        }),
      }),
    onStart: ({ child }) => onStart(child),
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

  return {
    ...process,
    url,
    firstReady: first.promise,
    async stop(withinMs) {
      clearTimeout(deadline);
      const exit = await process.stop(withinMs);
      output.close();
      return exit;
    },
  };
}
