// The whole platform in figures: time to ready, memory at rest, event-loop delay during a harvest.
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { pssOf } from './processes.ts';

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
  /** By the clock, with what the machine did for others, and the 20 ms between two looks. */
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
