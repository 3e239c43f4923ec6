import { type Client, latestEvents } from '@granary/client';
import type { Held } from '@granary/contracts';
import type { PlatformFile } from '@granary/embedded';
import { Fault } from '@granary/faults';
import { listAll } from '../held/held.handler';
import type { Call, CommandSpec } from '../shell/command';
import { reportServices } from '../status/service-report.client';
import {
  type Answered, anyFailed, type Check, checkBroker, checkClock, checkConsumers, checkDatabase, checkDisk, checkEventLog, checkGit, checkHeld, checkOutboxes, checkPlatformFile,
  checkProcesses, checkRestarts, checkServices, renderChecks, skipped,
} from './checks';
import { answered, freeBytes, gitVersion, isRunning, processesOf, reach } from './measure.client';

const NEEDS_PLATFORM = ['processes', 'services', 'restarts', 'broker', 'database', 'event log', 'consumers', 'held events', 'outboxes'];
const MOST_HELD = 1_000;

export const doctor: CommandSpec = {
  name: 'doctor',
  summary: 'check everything that Granary needs, and say what to do about what is wrong',
  details: 'Exit code 1 when a check fails; warnings do not count.',
  examples: ['doctor', 'doctor --json'],
  async run(call) {
    const place = call.place();
    const own = [checkGit(await gitVersion()), checkDisk(await freeBytes(place.folder), place.folder), checkPlatformFile(place)];
    const checks = [...own, ...(place.platform ? await checkRunning(call, place.platform) : whenNothingRuns(call))];
    return { data: { checks }, text: renderChecks(checks, call.style), outcome: anyFailed(checks) ? 'failed' : 'ok' };
  },
};

function whenNothingRuns({ shell }: Call): Check[] {
  return [...NEEDS_PLATFORM.map((name) => skipped(name, 'Granary is not running')), checkClock(shell.now(), null)];
}

async function checkRunning(call: Call, platform: PlatformFile): Promise<Check[]> {
  const processes = processesOf(platform);
  const missing = [...processes].filter(([, pid]) => pid === null || !isRunning(pid)).map(([name]) => name);
  const [services, database, connected] = await Promise.all([reportServices(platform), reach(platform.database.url, 5432), connectTimed(call)]);
  const { broker, log, held, newest } = await askPlatform(call, connected);
  return [
    checkProcesses(processes.size, missing),
    checkServices(services),
    checkRestarts(services),
    checkBroker(broker, platform.nats.url),
    checkDatabase(database, platform.database.url, services),
    checkEventLog(log),
    checkConsumers(services),
    checkHeld(held),
    checkOutboxes(services),
    checkClock(call.shell.now(), newest),
  ];
}

async function connectTimed(call: Call): Promise<Answered<{ client: Client; roundTripMs: number }>> {
  const begun = performance.now();
  return answered(call.client().then((client) => ({ client, roundTripMs: Math.round(performance.now() - begun) })));
}

async function askPlatform(call: Call, connected: Awaited<ReturnType<typeof connectTimed>>) {
  if (connected.state === 'failed') return { broker: connected, log: connected, held: connected, newest: null };
  const { client, roundTripMs } = connected.value;
  const broker: Answered<{ roundTripMs: number }> = { state: 'answered', value: { roundTripMs } };
  const [log, held, latest] = await Promise.all([answered(client.call('audit.log.status', {})), answered(heldEvents(call)), answered(latestEvents(client, {}, 1))]);
  return { broker, log, held, newest: latest.state === 'answered' ? (latest.value.at(-1)?.event.time ?? null) : null };
}

async function heldEvents(call: Call): Promise<readonly Held[]> {
  const { held, unreachable } = await listAll(call, {}, MOST_HELD);
  if (unreachable.length > 0) throw Fault.transient('service-unavailable', unreachable.map(({ message }) => message).join('; '));
  return held;
}
