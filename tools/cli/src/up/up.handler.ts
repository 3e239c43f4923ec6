import { dirname } from 'node:path';
import { brokerTls, type Client, connectClient } from '@granary/client';
import { layoutOf, type Platform, type PlatformFile } from '@granary/embedded';
import { isFault } from '@granary/faults';
import type { Monitoring } from '@granary/monitoring';
import { followHarvest } from '../harvest/follow.client';
import { request } from '../harvest/harvest.handler';
import { ownRepository, repositoryLocation } from '../platform/repository-place.client';
import type { Call, CommandSpec } from '../shell/command';
import { parseDuration } from '../shell/input';
import { describeProblem } from '../shell/problem';
import { monitorShown } from './monitoring.client';
import { startShown, stopShown } from './platform.client';
import { addressesOf, renderAddresses, renderAdministrator, renderUp, type UpResult } from './summary';
import { watchGraphs } from './watch.client';

/** What `up` starts and stops; tests hand in a platform of their own. */
export interface UpDeps {
  start(call: Call, folder: string): Promise<Platform>;
  /** Starts what watches the platform; null when that is not to be had, and said. */
  monitor(call: Call, folder: string): Promise<Watching | null>;
}

/** Prometheus and Alertmanager beside the platform. */
type Watching = Pick<Monitoring, 'describe' | 'stop'>;

export const upWith = ({ start, monitor }: UpDeps): CommandSpec => ({
  name: 'up',
  args: '[repo]',
  summary: 'start the whole platform on this machine, harvest a repository, and keep watching it',
  details: [
    'Takes the repository of the current folder when none is given. Ctrl-C stops everything in order.',
    'With --json the result is one JSON document on standard output; what happens later goes to standard error.',
    'GRANARY_NATS_URL and GRANARY_DATABASE_URL name real servers to use instead of embedded ones.',
  ].join(' '),
  options: [
    { flags: '--once', describe: 'stop after the result is printed; exit code 0 when the harvest succeeded, 1 when it failed, 7 when the secrets gate withheld the commit' },
    { flags: '--monitor', describe: 'run Prometheus and Alertmanager beside it, which scrape the services and tell of alerts' },
    { flags: '--timeout <time>', describe: 'how long the harvest may take (default: 30m)' },
  ],
  examples: ['up', 'up ../undici', 'up --monitor', 'up https://github.com/nodejs/undici.git --once --json'],
  handlesInterrupt: true,
  async run(call) {
    const timeoutMs = parseDuration(call.input.text('timeout') ?? '30m');
    const typed = call.input.optionalArg('repo');
    const location = typed === undefined ? ownRepository(call.shell) : repositoryLocation(call.shell, typed);
    const { folder } = call.place();
    const begun = performance.now();
    const platform = await start(call, folder);
    const readyMs = Math.round(performance.now() - begun);
    tellAdministrator(call, platform, folder);
    let monitoring: Watching | null = null;
    try {
      if (call.input.flag('monitor')) monitoring = await monitor(call, folder);
      await harvestAndWatch(call, platform, { folder, location, readyMs, timeoutMs, monitoring });
    } finally {
      await stopShown(call, platform, monitoring);
    }
    return null;
  },
});

export const up = upWith({ start: startShown, monitor: monitorShown });

interface Task {
  folder: string;
  location: string;
  readyMs: number;
  timeoutMs: number;
  monitoring: Watching | null;
}

async function harvestAndWatch(call: Call, platform: Platform, task: Task): Promise<void> {
  const once = call.input.flag('once');
  const client = await connectTo(call, platform.describe());
  try {
    const harvested = harvestShown(call, client, platform, task, once);
    await (once ? harvested : harvested.catch((error: unknown) => tellFailure(call, platform, task, error)));
    if (once) return;
    call.note('\nWatching for changes. Ctrl-C stops Granary.');
    await watchGraphs(call, client);
  } finally {
    await client.close();
  }
}

async function harvestShown(call: Call, client: Client, platform: Platform, task: Task, once: boolean): Promise<void> {
  const requested = await request({ client: async () => client, shell: call.shell }, client, task.location);
  const found = await followHarvest(call, client, requested, task.timeoutMs);
  const result: UpResult = { ...found, readyMs: task.readyMs, addresses: addressesIn(platform, task) };
  call.emit({ data: result, text: renderUp(result, call.style, !once) });
}

// The platform runs although the harvest failed, so it stays for whoever wants to find out why.
function tellFailure(call: Call, platform: Platform, task: Task, error: unknown): void {
  if (!isFault(error)) throw error;
  const { message, advice } = describeProblem(error);
  call.note([message, advice].filter(Boolean).join('\n'));
  call.note(renderAddresses(addressesIn(platform, task), call.style));
}

function addressesIn(platform: Platform, { folder, monitoring }: Task) {
  const layout = layoutOf(folder);
  return addressesOf(platform.describe(), { platform: layout.platform, logs: dirname(layout.logOf('platform')) }, monitoring?.describe() ?? null);
}

// Once, and only to a person: what is not a terminal may be a file that others read.
function tellAdministrator({ shell, note, progress }: Call, { administrator }: Platform, folder: string): void {
  if (administrator === null) return;
  progress.end();
  if (shell.stderr.isTTY === true) shell.stderr.write(`${renderAdministrator(administrator)}\n`);
  else note(`The password of the administrator '${administrator.name}' is in ${layoutOf(folder).credentials}.`);
}

function connectTo({ shell }: Call, { nats, operator, auth }: PlatformFile): Promise<Client> {
  const key = shell.env['GRANARY_API_KEY'] || auth?.key;
  return connectClient({ url: nats.url, tls: brokerTls(shell.env), ...operator, ...(key !== undefined && { key }) });
}
