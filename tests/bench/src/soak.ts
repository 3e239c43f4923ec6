// A steady load on the whole platform for long: what grows, what falls behind, what fails.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { eventExamples } from '@granary/contracts';
import { temporaryRepository, waitFor } from '@granary/testing';
import type { TemporaryRepository } from '@granary/testing';
import { median, quantile } from './figures.ts';
import { readMetricsPage, type MetricsPage } from './metrics-page.ts';
import { pssOf } from './processes.ts';
import { trendOf, type Trend } from './trend.ts';

const BIN = new URL('../../../tools/cli/bin/granary.mjs', import.meta.url).pathname;
const REPOSITORIES = 3;
/** The load, the same all the time. */
const EVERY = { 'an event over HTTP': 50, 'a request': 50, 'a commit': 7_000 } as const;
/** More at once are not begun; they count as failed, for a steady load is what was asked for. */
const MOST_AT_ONCE = 200;
const LONGEST_MINUTES = 24 * 60;
/** Of the time, the part before processes have what they keep. */
const WARM_UP = 0.2;
/** Fewer looks than this say nothing about a trend. */
const ENOUGH = 10;

interface PlatformFile {
  readonly pid: number;
  readonly auth: { readonly key: string };
  readonly services: Readonly<Record<string, { readonly url: string; readonly restarts: number }>>;
}

/** What was seen at the end of one stretch. */
interface Sample {
  readonly minutes: number;
  /** PSS of each program, MB. */
  readonly memory: Readonly<Record<string, number>>;
  /** Used heap of each service, MB. */
  readonly heap: Readonly<Record<string, number>>;
  /** Garbage collection of each service, % of the stretch. */
  readonly collecting: Readonly<Record<string, number>>;
  /** Since the sample before. */
  readonly done: Load['counts'];
  readonly failed: number;
  readonly requestMs: { readonly p50: number; readonly p99: number };
  readonly eventMs: { readonly p50: number; readonly p99: number };
  readonly loopMs: number;
  readonly lag: { readonly events: number; readonly seconds: number; readonly log: number };
  readonly held: number;
  readonly waiting: number;
  readonly harvests: { readonly completed: number; readonly failed: number };
  readonly restarts: number;
}

interface Load {
  readonly counts: Record<keyof typeof EVERY, number>;
  readonly requestMs: number[];
  readonly eventMs: number[];
  failed: number;
  /** What was said of failures, each once. */
  readonly why: Set<string>;
}

const noLoad = (why = new Set<string>()): Load => ({ counts: { 'an event over HTTP': 0, 'a request': 0, 'a commit': 0 }, requestMs: [], eventMs: [], failed: 0, why });

/**
 * Starts a platform of its own, loads it evenly, and looks at it each minute. Ends by itself, and at Ctrl-C with what was seen until then.
 * @param quick one minute, looked at each ten seconds
 * @param minutes how long; default 60, at most a day
 */
export async function benchSoak(quick: boolean, minutes = '60'): Promise<object> {
  const length = quick ? 1 : Number(minutes);
  if (!(length > 0 && length <= LONGEST_MINUTES)) throw new Error(`--minutes is a number up to ${LONGEST_MINUTES}, not ${minutes}`);
  const stop = new AbortController();
  const onInterrupt = () => stop.abort();
  process.once('SIGINT', onInterrupt);
  const data = mkdtempSync(join(tmpdir(), 'granary-'));
  const repositories = await Promise.all(Array.from({ length: REPOSITORIES }, (_, n) => temporaryRepository({ 'package.json': JSON.stringify({ name: `soak-${n}` }), 'src/a.ts': `import './b';\n`, 'src/b.ts': 'export const b = 0;\n' })));
  const child = spawn(process.execPath, [BIN, 'up', repositories[0]?.path ?? '', '--json'], { env: { ...process.env, GRANARY_DATA: data, GRANARY_GATEWAY_PORT: '0', GRANARY_GATEWAY_RATE: '0' }, stdio: ['ignore', 'pipe', 'inherit'], detached: true });
  try {
    const platform = () => JSON.parse(readFileSync(join(data, 'platform.json'), 'utf8')) as PlatformFile;
    await firstOutput(child);
    for (const { path } of repositories.slice(1)) await granary(data, 'repos', 'add', path);
    const scrape = await scrapeCost(platform());
    const { samples, why } = await soak(platform, repositories, { lengthMs: length * 60_000, everyMs: quick ? 10_000 : 60_000, signal: stop.signal });
    const found = report(samples, why, scrape);
    for (const [name, trend] of Object.entries(found.memory)) console.error(trendLine(name, trend));
    return found;
  } finally {
    process.off('SIGINT', onInterrupt);
    child.kill('SIGINT');
    if (child.exitCode === null) await once(child, 'close');
    rmSync(data, { recursive: true, force: true });
    for (const repository of repositories) repository.remove();
  }
}

interface Soak {
  readonly lengthMs: number;
  readonly everyMs: number;
  readonly signal: AbortSignal;
}

async function soak(platform: () => PlatformFile, repositories: readonly TemporaryRepository[], { lengthMs, everyMs, signal }: Soak): Promise<{ samples: Sample[]; why: string[] }> {
  const begun = performance.now();
  const over = AbortSignal.any([signal, AbortSignal.timeout(lengthMs)]);
  let load = noLoad();
  const { why } = load;
  const loading = loadEvenly(platform(), repositories, () => load, over);
  const samples: Sample[] = [];
  let before = { pages: await pagesOf(platform()), at: performance.now() };
  console.error(heading);
  for (let stretch = 1; stretch * everyMs <= lengthMs; stretch += 1) {
    await delay(Math.max(0, begun + stretch * everyMs - performance.now()), undefined, { signal }).catch(() => undefined);
    if (signal.aborted) break;
    const of = load;
    load = noLoad(why);
    const now = { pages: await pagesOf(platform()), at: performance.now() };
    const sample = look((now.at - begun) / 60_000, platform(), of, before, now);
    before = now;
    samples.push(sample);
    console.error(rowOf(sample));
  }
  await loading;
  return { samples, why: [...why] };
}

/** Begins each kind of work again and again at its time, whether what began before has ended or not. */
async function loadEvenly({ services, auth }: PlatformFile, repositories: readonly TemporaryRepository[], now: () => Load, signal: AbortSignal): Promise<void> {
  const url = services['gateway']?.url ?? '';
  const authorization = `Bearer ${auth.key}`;
  const ask = async (path: string, init: RequestInit = {}) => {
    const response = await fetch(`${url}${path}`, { ...init, headers: { authorization, ...init.headers }, signal: AbortSignal.timeout(30_000) });
    const text = await response.text();
    if (!response.ok) throw new Error(`${path.split('?')[0]} answered ${response.status}: ${text.slice(0, 200)}`);
  };
  const { data } = eventExamples['task.started.v1'];
  const paths = ['/v1/repositories', '/v1/jobs?limit=20', '/v1/events?limit=20', '/v1/findings?limit=20'];
  const work: Record<keyof typeof EVERY, (n: number) => Promise<void>> = {
    'an event over HTTP': (n) => ask('/v1/events', { method: 'POST', headers: { 'content-type': 'application/cloudevents+json' }, body: JSON.stringify({ specversion: '1.0', id: `soak-${n}`, source: 'urn:agents:local-operator', type: 'task.started.v1', data }) }),
    'a request': (n) => ask(paths[n % paths.length] ?? ''),
    'a commit': async (n) => void (await repositories[n % repositories.length]?.commit({ 'src/b.ts': `export const b = ${n};\n`, [`src/c${n % 20}.ts`]: `import './a';\nexport const c = ${n};\n` })),
  };
  const took: Partial<Record<keyof typeof EVERY, 'requestMs' | 'eventMs'>> = { 'an event over HTTP': 'eventMs', 'a request': 'requestMs' };
  let atOnce = 0;
  async function one(kind: keyof typeof EVERY, n: number): Promise<void> {
    const begun = performance.now();
    atOnce += 1;
    try {
      if (atOnce > MOST_AT_ONCE) throw new Error(`more than ${MOST_AT_ONCE} at once`);
      await work[kind](n);
      const load = now();
      load.counts[kind] += 1;
      const times = took[kind];
      if (times !== undefined) load[times].push(performance.now() - begun);
    } catch (error) {
      now().failed += 1;
      now().why.add(`${kind}: ${error instanceof Error ? error.message : String(error)}`);
    } finally {
      atOnce -= 1;
    }
  }
  const running = new Set<Promise<void>>();
  const kinds = Object.keys(EVERY) as (keyof typeof EVERY)[];
  await Promise.all(
    kinds.map(async (kind) => {
      const begun = performance.now();
      for (let n = 0; !signal.aborted; n += 1) {
        const doing = one(kind, n).finally(() => running.delete(doing));
        running.add(doing);
        // One commit at a time: git locks the folder.
        if (kind === 'a commit') await doing;
        await delay(Math.max(0, begun + (n + 1) * EVERY[kind] - performance.now()), undefined, { signal }).catch(() => undefined);
      }
    }),
  );
  await Promise.all(running);
}

type Pages = Readonly<Record<string, MetricsPage>>;

/** What all services said, and when. */
interface Moment {
  readonly pages: Pages;
  readonly at: number;
}

async function pagesOf({ services }: PlatformFile): Promise<Pages> {
  const pages = Object.entries(services).map(async ([name, { url }]) => [name, readMetricsPage(await textOf(`${url}/metrics`))] as const);
  return Object.fromEntries(await Promise.all(pages));
}

/** A service that is just starting again answers nothing; its figures are missed once. */
async function textOf(url: string): Promise<string> {
  try {
    return await (await fetch(url, { signal: AbortSignal.timeout(10_000) })).text();
  } catch {
    return '';
  }
}

function look(minutes: number, platform: PlatformFile, load: Load, { pages: before, at: since }: Moment, { pages, at }: Moment): Sample {
  const ofEach = (figure: (page: MetricsPage, name: string) => number) => Object.fromEntries(Object.entries(pages).map(([name, page]) => [name, round(figure(page, name))]));
  const sum = (name: string, labels?: Record<string, string>) => Object.values(pages).reduce((total, page) => total + page.sum(name, labels), 0);
  const highest = (name: string) => Math.max(...Object.values(pages).map((page) => page.max(name)));
  const grown = (name: string, labels: Record<string, string>) => (pages['harvester']?.sum(name, labels) ?? 0) - (before['harvester']?.sum(name, labels) ?? 0);
  return {
    minutes: round(minutes),
    memory: pssOf(platform.pid),
    heap: ofEach((page) => page.sum('nodejs_heap_size_used_bytes') / 1_048_576),
    collecting: ofEach((page, name) => ((page.sum('nodejs_gc_duration_seconds_sum') - (before[name]?.sum('nodejs_gc_duration_seconds_sum') ?? 0)) * 100_000) / (at - since)),
    done: load.counts,
    failed: load.failed,
    requestMs: { p50: round(quantile(load.requestMs, 0.5)), p99: round(quantile(load.requestMs, 0.99)) },
    eventMs: { p50: round(quantile(load.eventMs, 0.5)), p99: round(quantile(load.eventMs, 0.99)) },
    loopMs: round(highest('nodejs_eventloop_lag_p99_seconds') * 1_000),
    lag: { events: sum('granary_consumer_pending'), seconds: round(highest('granary_consumer_oldest_seconds')), log: sum('granary_event_log_lag_messages') },
    held: sum('granary_events_held'),
    waiting: sum('granary_outbox_waiting'),
    harvests: { completed: grown('granary_harvests_total', { outcome: 'completed' }), failed: grown('granary_harvests_total', { outcome: 'failed' }) },
    restarts: Object.values(platform.services).reduce((total, { restarts }) => total + restarts, 0),
  };
}

function report(samples: readonly Sample[], why: readonly string[], scrape: object) {
  const settled = samples.slice(Math.floor(samples.length * WARM_UP));
  const trends = (of: 'memory' | 'heap'): Record<string, Trend> => {
    const names = Object.keys(settled.at(-1)?.[of] ?? {}).filter((name) => name !== 'others');
    const points = (name: string) => settled.flatMap(({ minutes, [of]: values }) => (values[name] === undefined ? [] : [[minutes / 60, values[name]] as const]));
    return Object.fromEntries(names.filter((name) => points(name).length >= ENOUGH).map((name) => [name, rounded(trendOf(points(name)))]));
  };
  const total = (figure: (sample: Sample) => number) => samples.reduce((sum, sample) => sum + figure(sample), 0);
  const most = (figure: (sample: Sample) => number) => Math.max(0, ...samples.map(figure));
  const memory = trends('memory');
  return {
    minutes: samples.at(-1)?.minutes ?? 0,
    load: { 'events /s': 1_000 / EVERY['an event over HTTP'], 'requests /s': 1_000 / EVERY['a request'], 'commits /min': round(60_000 / EVERY['a commit']), repositories: REPOSITORIES },
    done: { events: total(({ done }) => done['an event over HTTP']), requests: total(({ done }) => done['a request']), commits: total(({ done }) => done['a commit']), harvests: total(({ harvests }) => harvests.completed), 'failed harvests': total(({ harvests }) => harvests.failed), failed: total(({ failed }) => failed), restarts: samples.at(-1)?.restarts ?? 0 },
    failures: why,
    'p99 ms, median and worst stretch': { requests: [round(median(samples.map(({ requestMs }) => requestMs.p99))), most(({ requestMs }) => requestMs.p99)], events: [round(median(samples.map(({ eventMs }) => eventMs.p99))), most(({ eventMs }) => eventMs.p99)] },
    'most seen': { 'lag in events': most(({ lag }) => lag.events), 'lag in seconds': most(({ lag }) => lag.seconds), 'not logged yet': most(({ lag }) => lag.log), held: most(({ held }) => held), 'waiting in outboxes': most(({ waiting }) => waiting), 'loop p99 ms': most(({ loopMs }) => loopMs) },
    /** MB, per hour after the warm-up, of all of a program's memory and of the heap of a service. */
    memory,
    heap: trends('heap'),
    'memory that grows': Object.entries(memory).filter(([, { grows }]) => grows).map(([name]) => name),
    'a scrape': scrape,
    samples,
  };
}

const SCRAPES = 20;

/** What it costs a service that does nothing else to answer for its metrics. */
async function scrapeCost({ services }: PlatformFile): Promise<Record<string, object>> {
  const costs: Record<string, object> = {};
  for (const [name, { url }] of Object.entries(services)) {
    const cpu = async () => readMetricsPage(await textOf(`${url}/metrics`)).sum('process_cpu_seconds_total');
    const took: number[] = [];
    const before = await cpu();
    for (let i = 0; i < SCRAPES; i += 1) {
      const begun = performance.now();
      await textOf(`${url}/metrics`);
      took.push(performance.now() - begun);
    }
    const spent = (await cpu()) - before;
    const { series, bytes } = readMetricsPage(await textOf(`${url}/metrics`));
    costs[name] = { series, bytes, ms: round(median(took)), 'processor ms': round((spent * 1_000) / (SCRAPES + 1)) };
  }
  return costs;
}

const COLUMNS: readonly (readonly [string, (sample: Sample) => string | number])[] = [
  ['min', ({ minutes }) => minutes.toFixed(1)],
  ['MB', ({ memory }) => memory['all'] ?? 0],
  ['services', ({ memory, heap }) => Object.keys(heap).reduce((sum, name) => sum + (memory[name] ?? 0), 0)],
  ['heap', ({ heap }) => Math.round(Object.values(heap).reduce((sum, mb) => sum + mb, 0))],
  ['gc %', ({ collecting }) => Math.max(...Object.values(collecting)).toFixed(1)],
  ['req p99', ({ requestMs }) => requestMs.p99],
  ['ev p99', ({ eventMs }) => eventMs.p99],
  ['loop', ({ loopMs }) => loopMs],
  ['lag', ({ lag }) => lag.events],
  ['lag s', ({ lag }) => lag.seconds],
  ['log', ({ lag }) => lag.log],
  ['held', ({ held }) => held],
  ['harvests', ({ harvests }) => harvests.completed],
  ['failed', ({ failed, harvests }) => failed + harvests.failed],
];
const cells = (values: readonly (string | number)[]) => values.map((value) => String(value).padStart(8)).join(' ');
const heading = cells(COLUMNS.map(([name]) => name));
const rowOf = (sample: Sample) => cells(COLUMNS.map(([, cell]) => cell(sample)));

const trendLine = (name: string, { perHour, from, to, grows }: Trend) => `${name.padEnd(14)} ${perHour.toFixed(1).padStart(8)} MB/h (95 %: ${from.toFixed(1)} to ${to.toFixed(1)})${grows ? '  grows' : ''}`;

const round = (value: number) => Number(value.toFixed(1));
const rounded = ({ perHour, from, to, grows }: Trend): Trend => ({ perHour: round(perHour), from: round(from), to: round(to), grows });

async function firstOutput(child: ReturnType<typeof spawn>): Promise<void> {
  let text = '';
  child.stdout?.on('data', (chunk: Buffer) => (text += chunk.toString()));
  await waitFor(() => child.exitCode !== null || text.trimEnd().endsWith('}'), { timeoutMs: 180_000, everyMs: 100, what: 'the platform' });
  if (child.exitCode !== null) throw new Error(`granary up ended with ${child.exitCode}`);
}

async function granary(data: string, ...args: string[]): Promise<void> {
  const child = spawn(process.execPath, [BIN, ...args], { env: { ...process.env, GRANARY_DATA: data }, stdio: ['ignore', 'ignore', 'inherit'] });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`granary ${args.join(' ')} ended with ${code}`);
}
