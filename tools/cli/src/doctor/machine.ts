import { formatBytes, formatDuration, plural } from '../shell/format';
import { samplesOf } from '../status/metrics';
import { about, type Check } from './check';
import { type Evidence, factsOf, type Limits, listed, type RunningEvidence, samples, type ServiceVitals } from './evidence';

const git = about({ name: 'git', why: 'Harvests read repositories with it: without it the graph stays as it is.', runbook: null });

/** `version`: what `git --version` answered. Null when git is not there. */
export function checkGit(version: string | null): Check {
  if (version === null) return git.fail('git was not found in PATH.', 'Install git 2.30 or later.');
  const [, major, minor] = /(\d+)\.(\d+)/.exec(version) ?? [];
  const recent = Number(major) > 2 || (Number(major) === 2 && Number(minor) >= 30);
  return recent ? git.ok(version) : git.warn(`${version} is old.`, 'Install git 2.30 or later.');
}

const disk = about({ name: 'disk space', why: 'A full disk stops broker and database: nothing is harvested, handled or recorded any more. Nothing that was acknowledged is lost.', runbook: 'DiskNearlyFull' });

const NO_BYTES = 300_000_000;
const [NO_SHARE, LITTLE_SHARE] = [0.1, 0.15];

/** The data folder as this machine sees it, and the places that services write to as they see them. */
export function checkDisk({ folder, free, total }: Evidence['disk'], services: readonly ServiceVitals[], { diskBytes }: Pick<Limits, 'diskBytes'>): Check {
  const shares = samples(services, 'granary_disk_free_ratio').map(({ service, labels, value }) => ({ place: `${labels['place'] ?? 'files'} of ${service}`, share: value }));
  const ofServices = shares.filter(({ share }) => share < LITTLE_SHARE);
  const finding = [`${formatBytes(free)} of ${formatBytes(total)} free for ${folder}`, ...ofServices.map(({ place, share }) => `${(share * 100).toFixed(1)} % free for ${place}`)].join('; ');
  const advice = `See what takes it: \`du -x -d 2 -h ${folder} | sort -h | tail\`. \`granary cache sweep\` frees caches; old backups and logs may go; never delete files of nats/ or postgres/.`;
  if (free < Math.min(NO_BYTES, diskBytes) || shares.some(({ share }) => share < NO_SHARE)) return disk.fail(`${finding}.`, advice);
  return free < diskBytes || ofServices.length > 0 ? disk.warn(`${finding}.`, advice) : disk.ok(finding);
}

const memory = about({ name: 'memory', why: 'When memory ends, the system kills the largest process: the broker, the database or a service starts again in the middle of its work.', runbook: 'MemoryHigh' });

const [NO_MEMORY, LITTLE_MEMORY] = [0.03, 0.08];
/** Of what a service may have. */
const [FULL, NEARLY_FULL] = [0.95, 0.8];

/** Bytes of this machine, or of the container that doctor runs in; and what services take. */
export function checkMemory({ free, total }: Evidence['memory'], services: readonly ServiceVitals[]): Check {
  const taken = services.flatMap(memoryOf).sort((a, b) => b.bytes - a.bytes);
  const near = taken.filter(({ share }) => share > NEARLY_FULL);
  const [largest] = taken;
  const finding = [`${formatBytes(free)} of ${formatBytes(total)} free`, ...(largest ? [`${largest.name} takes most of the services, ${formatBytes(largest.bytes)}`] : []), ...near.map((one) => `${one.name} has taken ${Math.round(one.share * 100)} % of what it may have`)].join('; ');
  const advice = 'See what takes it: `ps -eo pid,rss,args --sort=-rss | head`. A service that grows and grows is started again by `kill -TERM <pid>` without losing anything.';
  const share = free / total;
  if (share < NO_MEMORY || near.some((one) => one.share > FULL)) return memory.fail(`${finding}.`, advice);
  return share < LITTLE_MEMORY || near.length > 0 ? memory.warn(`${finding}.`, advice) : memory.ok(finding);
}

function memoryOf({ report, metrics }: ServiceVitals): { name: string; bytes: number; share: number }[] {
  const [bytes, limit] = ['process_resident_memory_bytes', 'granary_process_memory_limit_bytes'].map((name) => (metrics === null ? undefined : samplesOf(metrics, name)[0]?.value));
  return bytes === undefined ? [] : [{ name: report.name, bytes, share: limit === undefined || !(limit > 0) ? 0 : bytes / limit }];
}

const clock = about({ name: 'clock', why: 'Access tokens are refused too early or accepted too long, lag and freshness are measured wrongly, and schedules fire at the wrong time.', runbook: 'ClockWrong' });

interface Reading {
  name: string;
  aheadMs: number;
  uncertainMs: number;
}

/** This machine against broker, database and services; and against the newest event, which no clock that was not set back can be behind of. */
export function checkClock(now: Date, running: RunningEvidence | null, { skewMs }: Pick<Limits, 'skewMs'>): Check {
  if (running === null) return clock.skipped(`nothing to compare with; it is ${now.toISOString()} here`);
  const readings = readingsOf(running);
  const off = readings.filter(({ aheadMs, uncertainMs }) => Math.abs(aheadMs) - uncertainMs > skewMs);
  const advice = 'Let all machines set their clocks by NTP (`timedatectl status` shows whether this one does); tokens and measurements are right again at once.';
  if (off.length > 0) return clock.fail(describeSkew(off, readings), advice);
  const newest = running.newest.state === 'answered' ? running.newest.value : null;
  const ahead = newest === null ? 0 : Date.parse(newest) - now.getTime();
  if (ahead > skewMs) return clock.fail(`The newest event is ${formatDuration(ahead)} in the future, so a clock was set back.`, advice);
  return readings.length === 0 ? clock.unknown('no service, broker or database said what time it is') : clock.ok(`${now.toISOString()}, as ${plural(readings.length, 'other clock')} say within ${formatDuration(skewMs)}`);
}

function describeSkew(off: readonly Reading[], all: readonly Reading[]): string {
  const [least, most] = [Math.min(...off.map(({ aheadMs }) => aheadMs)), Math.max(...off.map(({ aheadMs }) => aheadMs))];
  // When everybody else agrees, it is this one that is wrong.
  if (all.length > 1 && off.length === all.length && least > 0 === most > 0) {
    const by = Math.min(Math.abs(least), Math.abs(most));
    return `The clock of this machine is ${formatDuration(by)} ${least > 0 ? 'behind' : 'ahead of'} ${listed(all.map(({ name }) => name))}.`;
  }
  return `${off.map(({ name, aheadMs }) => `The clock of ${name} is ${formatDuration(Math.abs(aheadMs))} ${aheadMs > 0 ? 'ahead of' : 'behind'} this machine's`).join('. ')}.`;
}

function readingsOf({ services, monitor }: RunningEvidence): Reading[] {
  const broker = monitor?.state === 'answered' && monitor.value.clock ? [{ name: 'the broker', ...monitor.value.clock }] : [];
  const own = services.flatMap(({ report, clock: seen }) => (seen ? [{ name: report.name, ...seen }] : []));
  return [...broker, ...databaseReading(services), ...own];
}

// Each service tells how far the database is from itself; the one that we know best is taken.
function databaseReading(services: readonly ServiceVitals[]): Reading[] {
  const readings = services.flatMap((service) => {
    const offset = factsOf(service, 'database')['clockOffsetMs'];
    return typeof offset === 'number' && service.clock ? [{ name: 'the database', aheadMs: service.clock.aheadMs + offset, uncertainMs: service.clock.uncertainMs }] : [];
  });
  return readings.sort((a, b) => a.uncertainMs - b.uncertainMs).slice(0, 1);
}
