import { Worker } from 'node:worker_threads';
import { analyseBlob, createSearch } from '@granary/extract';
import type { CatFile } from '@granary/git';
import { openCatFile } from '@granary/git';
import type { Extractor, Search, SearchRules } from '@granary/extract';
import type { AnalyseMessage, ReadFact, ServiceMessage, WorkerMessage } from './protocol';

const FLUSH_AFTER_MS = 50;

/** Reads blobs of a mirror and answers their facts, batch by batch, until the service is gone. Content never leaves this process. */
export function answerBatches(extractorById: (id: string) => Extractor | undefined): void {
  process.on('message', (message: ServiceMessage) => {
    if (message.type === 'prepare') return prepare(message.rules);
    analyse(message, extractorById).catch((error: unknown) => fail(message.batch, 'git-failed', error instanceof Error ? error.message : String(error)));
  });
  process.on('disconnect', () => process.exit(0));
  // Ctrl-C reaches the whole process group; the service decides when this ends.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined);
  watchService();
  send({ type: 'ready' });
}

// Runs in a thread, because a blob that hangs keeps this process from hearing that its service was killed.
const WATCHER = `
  const { workerData: service } = require('node:worker_threads');
  setInterval(() => process.ppid === service || process.kill(process.pid, 'SIGKILL'), 1000);
`;

function watchService(): void {
  new Worker(WATCHER, { eval: true, workerData: process.ppid, resourceLimits: { maxOldGenerationSizeMb: 8, maxYoungGenerationSizeMb: 2 } })
    .on('error', () => undefined)
    .unref();
}

let open: { gitDir: string; objects: CatFile } | null = null;

function objectsOf(gitDir: string): CatFile {
  if (open?.gitDir === gitDir) return open.objects;
  open?.objects.close();
  open = { gitDir, objects: openCatFile(gitDir, process.env) };
  return open.objects;
}

let ready: { rules: string; search: Search } | null = null;

// The rules of one tenant after the other: making them ready takes longer than most blobs.
function searchBy(rules: SearchRules): Search {
  const text = JSON.stringify(rules);
  if (ready?.rules !== text) ready = { rules: text, search: createSearch(rules) };
  return ready.search;
}

function prepare(rules: SearchRules): void {
  try {
    searchBy(rules);
  } catch {
    // The batch that needs them says so.
  }
}

const send = (message: WorkerMessage): void => void process.send?.(message);

async function analyse({ batch, gitDir, units, rules, light }: AnalyseMessage, extractorById: (id: string) => Extractor | undefined): Promise<void> {
  const search = searchBy(rules);
  let facts: ReadFact[] = [];
  let flushed = performance.now();
  let at = 0;
  for await (const content of objectsOf(gitDir).read(units.map((unit) => unit.blob))) {
    const unit = units[at] as (typeof units)[number];
    at += 1;
    const extractor = extractorById(unit.extractor);
    if (content === null || !extractor) return fail(batch, 'object-missing', `${unit.blob} is not in the mirror`);
    const begun = performance.now();
    const fact = analyseBlob(content, { extractor, pathClass: unit.pathClass, search, light });
    facts.push({ fact, micros: Math.round((performance.now() - begun) * 1000) });
    if (performance.now() - flushed < FLUSH_AFTER_MS) continue;
    send({ type: 'facts', batch, facts, done: false });
    [facts, flushed] = [[], performance.now()];
  }
  send({ type: 'facts', batch, facts, done: true });
}

function fail(batch: number, code: 'object-missing' | 'git-failed', message: string): void {
  // What is left of this batch's output must not be taken for the next one's.
  open?.objects.close();
  open = null;
  send({ type: 'failed', batch, code, message });
}
