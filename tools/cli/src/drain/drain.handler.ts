import { setTimeout as delay } from 'node:timers/promises';
import { Fault } from '@granary/faults';
import { runningPlatform } from '../platform/place';
import type { CommandSpec } from '../shell/command';
import { parseDuration } from '../shell/input';

const LOOK_MS = 250;

export const drain: CommandSpec = {
  name: 'drain',
  args: '<service>',
  summary: 'have a service take no more work and finish what it has; it answers until it is stopped',
  details: [
    'Sends SIGUSR2 to its process and waits until it is drained. Not ready from then on, it takes no more jobs, events or leases, and goes on answering calls and requests.',
    'There is no way back but a new start: the platform starts it again when its process ends.',
    'Elsewhere the same signal does it: docker compose kill -s USR2 <service>, systemctl kill -s USR2 granary@<service>.',
  ].join(' '),
  options: [{ flags: '--timeout <time>', describe: 'how long to wait for it, such as 90s (default: 15m, as long as a fetch may take)' }],
  examples: ['drain harvester', 'drain normalizer --timeout 90s --json'],
  async run(call) {
    const name = call.input.arg('service');
    const platform = runningPlatform(call.place());
    const service = platform.services[name];
    if (service === undefined) throw Fault.permanent('not-found', `there is no service '${name}'; there are ${Object.keys(platform.services).join(', ')}`);
    if (service.pid === null) throw Fault.transient('service-away', `${name} does not run at the moment; its log is ${service.log}`);
    const begun = performance.now();
    const patience = parseDuration(call.input.text('timeout') ?? '15m');
    call.note(`${name} drains; Ctrl-C ends the waiting, not the draining.`);
    process.kill(service.pid, 'SIGUSR2');
    for (let left = await unfinished(service.url); left !== null; left = await unfinished(service.url)) {
      if (performance.now() - begun > patience) throw Fault.transient('still-draining', `${name} has not drained yet; unfinished: ${left.join(', ')}. It goes on; look with granary status`);
      await delay(LOOK_MS, undefined, { signal: call.signal });
    }
    const seconds = Math.round((performance.now() - begun) / 100) / 10;
    return { data: { service: name, pid: service.pid, drainedAfterSeconds: seconds }, text: `${name} is drained, after ${seconds} s. It answers until it is stopped (process ${service.pid}).` };
  },
};

/** What has not drained yet; null when everything has. */
async function unfinished(url: string): Promise<readonly string[] | null> {
  const { phase } = (await (await fetch(`${url}/health/status`, { signal: AbortSignal.timeout(5_000) })).json()) as { phase: { state: string; unfinished?: readonly string[] } };
  return phase.state === 'drained' ? null : (phase.unfinished ?? []);
}
