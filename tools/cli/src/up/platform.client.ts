import { appendFileSync, existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { layoutOf, type Platform, startPlatform } from '@granary/embedded';
import { Fault } from '@granary/faults';
import { createLogger, type Logger } from '@granary/observability';
import type { Call } from '../shell/command';
import { formatDuration } from '../shell/format';
import { serviceEntries, type ServiceEntry } from './services';
import { platformNews, startStep } from './start';

// Sources and compiled files lie equally deep, so this is the root of the workspace for both.
export const ROOT = join(__dirname, '..', '..', '..', '..');
/** The packages of others in one file, from which services start in half the time. */
const PACKAGES = join(ROOT, 'node_modules', '.cache', 'granary', 'packages.cjs');

/** Starts the platform in a data folder and shows how far it is. Faults: those of `startPlatform`; permanent `not-built`. */
export async function startShown(call: Call, folder: string): Promise<Platform> {
  const services = builtServices(call.shell.env);
  const ready: string[] = [];
  call.note(`Starting Granary in ${folder}; Ctrl-C stops it.`);
  call.progress.show(startStep(ready, services.length + 2));
  const platform = await startPlatform({
    dataDir: folder,
    env: call.shell.env,
    services,
    ...(existsSync(PACKAGES) && { preload: PACKAGES }),
    signal: call.signal,
    log: platformLog(folder),
    onEvent: (event) => {
      if (event.type === 'ready') {
        ready.push(event.name);
        call.progress.show(startStep(ready, services.length + 2));
      }
      const news = platformNews(event);
      if (news) call.note(news);
    },
  });
  call.progress.end();
  return platform;
}

/** Stops the platform and says so. Who watches it goes first, so that nobody is alarmed. */
export async function stopShown({ note, progress }: Call, platform: Platform, monitoring: { stop(): Promise<void> } | null): Promise<void> {
  progress.end();
  note('Stopping Granary.');
  const begun = performance.now();
  await monitoring?.stop();
  await platform.stop();
  note(`Granary has stopped (${formatDuration(performance.now() - begun)}).`);
}

/** The log of what starts and watches the processes of a platform. */
export function platformLog(folder: string): Logger {
  return createLogger({ service: 'platform', level: 'info', destination: fileSink(layoutOf(folder).logOf('platform')) });
}

function builtServices(env: Call['shell']['env']): ServiceEntry[] {
  const services = serviceEntries(ROOT, env);
  const missing = services.filter(({ entry }) => !existsSync(entry)).map(({ name }) => name);
  if (missing.length === 0) return services;
  throw Fault.permanent('not-built', `These services are not compiled yet: ${missing.join(', ')}. Build them with npm run build, or use npm start, which does.`);
}

// The folder is made by the platform once it is sure to be the only one there, so the file is opened line by line.
function fileSink(path: string): { write(line: string): void } {
  return {
    write(line) {
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      appendFileSync(path, line, { mode: 0o600 });
    },
  };
}
