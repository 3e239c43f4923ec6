// The whole platform in figures: time to ready, memory at rest, event-loop delay during a harvest.
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const BIN = new URL('../../../tools/cli/bin/granary.mjs', import.meta.url).pathname;
const IDLE_MS = 30_000;

interface Result {
  readyMs: number;
  durationMs: number;
  repository: { name: string };
  counts: Record<string, number>;
  events: unknown;
}

interface PlatformFile {
  pid: number;
  services: Record<string, { url: string }>;
}

/**
 * @param repository the repository that is harvested; this one by default
 * @param quick a short rest before memory is read
 */
export async function benchPlatform(quick: boolean, repository: string = process.cwd()): Promise<object> {
  const data = mkdtempSync(join(tmpdir(), 'granary-'));
  try {
    const first = await run(data, repository, quick);
    const second = await run(data, repository, quick);
    return { repository: { ...first.result.repository, counts: first.result.counts, events: first.result.events }, 'first start': first.figures, 'second start': second.figures };
  } finally {
    rmSync(data, { recursive: true, force: true });
  }
}

async function run(data: string, repository: string, quick: boolean) {
  const begun = performance.now();
  const child = spawn(process.execPath, [BIN, 'up', repository, '--json'], { env: { ...process.env, GRANARY_DATA: data }, stdio: ['ignore', 'pipe', 'inherit'] });
  const result = await firstDocument(child);
  const found = Math.round(performance.now() - begun);
  const platform = JSON.parse(readFileSync(join(data, 'platform.json'), 'utf8')) as PlatformFile;
  const loop = await loopDelays(platform);
  await delay(quick ? 3_000 : IDLE_MS);
  const memory = pssOf(platform.pid);
  const stopping = performance.now();
  child.kill('SIGINT');
  await once(child, 'close');
  return {
    result,
    figures: { 'ready after ms': result.readyMs, 'result printed after ms': found, 'harvest to graph ms': result.durationMs, 'event loop p99 ms': loop, 'PSS at rest MB': memory, 'stopped after ms': Math.round(performance.now() - stopping) },
  };
}

function firstDocument(child: ChildProcess): Promise<Result> {
  return new Promise((resolve, reject) => {
    let text = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      try {
        resolve(JSON.parse(text) as Result);
      } catch {
        // Not whole yet.
      }
    });
    child.once('exit', (code) => reject(new Error(`granary up ended with ${code}`)));
  });
}

interface LoopFigures {
  /** By the clock, with what the machine did for others. */
  delay: number;
  /** Processor time of the service's own. */
  work: number;
}

/** Each service's own reading since it started, which covers the harvest. */
async function loopDelays(platform: PlatformFile): Promise<Record<string, LoopFigures>> {
  const delays: Record<string, LoopFigures> = {};
  for (const [name, { url }] of Object.entries(platform.services)) {
    const text = await (await fetch(`${url}/metrics`)).text();
    delays[name] = { delay: gaugeMs(text, 'nodejs_eventloop_lag_p99_seconds'), work: gaugeMs(text, 'nodejs_eventloop_work_p99_seconds') };
  }
  return delays;
}

function gaugeMs(page: string, name: string): number {
  const seconds = new RegExp(String.raw`^${name}(?:\{[^}]*\})? (\S+)$`, 'm').exec(page)?.[1];
  return Number((Number(seconds) * 1_000).toFixed(1));
}

/** Proportional set size of a process and everything below it, in MB by kind of program. */
function pssOf(root: number): Record<string, number> {
  const parents = new Map<number, number>();
  for (const entry of readdirSync('/proc')) {
    const stat = /^\d+$/.test(entry) ? read(`/proc/${entry}/stat`) : null;
    if (stat) parents.set(Number(entry), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
  }
  const below = (pid: number): boolean => pid === root || (parents.has(pid) && pid > 1 && below(parents.get(pid) ?? 0));
  const sums: Record<string, number> = { all: 0 };
  for (const pid of [...parents.keys()].filter(below)) {
    const kilobytes = Number(/^Pss:\s+(\d+)/m.exec(read(`/proc/${pid}/smaps_rollup`) ?? '')?.[1] ?? 0);
    const kind = nameOf(pid);
    sums[kind] = (sums[kind] ?? 0) + kilobytes / 1_024;
    sums['all'] = (sums['all'] ?? 0) + kilobytes / 1_024;
  }
  return Object.fromEntries(Object.entries(sums).map(([kind, mb]) => [kind, Math.round(mb)]));
}

function nameOf(pid: number): string {
  const command = (read(`/proc/${pid}/cmdline`) ?? '').split('\0');
  const service = /services\/([^/]+)\/dist/.exec(command.join(' '))?.[1];
  if (service) return service;
  if (command.some((part) => part.includes('nats-server'))) return 'nats-server';
  if (command[0]?.includes('postgres')) return 'postgres';
  return 'granary up';
}

function read(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
