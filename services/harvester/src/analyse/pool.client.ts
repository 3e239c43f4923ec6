import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { Fault } from '@granary/faults';
import type { Logger } from '@granary/observability';
import type { LightReason, SearchRules } from '@granary/extract';
import type { AnalyseMessage, ReadFact, ServiceMessage, Unit, WorkerMessage } from './protocol';

export interface PoolOptions {
  /** The worker's program. */
  readonly program: WorkerProgram;
  /** Processes at most. They are started when there is work and ended when there has been none for `idleMs`. */
  readonly size: number;
  readonly memoryMb: number;
  /** Time without any answer after which a worker is killed. */
  readonly blobDeadlineMs: number;
  readonly idleMs: number;
  /** A batch ends at this many bytes of content, or at `batchUnits` blobs. */
  readonly batchBytes: number;
  readonly batchUnits: number;
  readonly env: Record<string, string>;
  readonly log: Logger;
  readonly onRestart?: (why: Death) => void;
}

export interface WorkerProgram {
  readonly file: string;
  readonly execArgv?: readonly string[];
}

export type Death = 'crashed' | 'timed-out';

export interface SizedUnit extends Unit {
  readonly bytes: number;
}

export interface Analysis<U extends SizedUnit> {
  readonly gitDir: string;
  readonly rules: SearchRules;
  readonly units: Iterable<U>;
  readonly signal: AbortSignal;
  /** Takes the facts of one batch. As many batches wait for it as there are workers, not more. */
  readonly deliver: (facts: readonly (ReadFact & { unit: U })[]) => Promise<void>;
}

/** Analyses blobs in processes of their own, fairly between those who ask at the same time. */
export interface AnalysisPool {
  /** Has a worker ready that knows these rules, as long as none is at work. It ends like any other when there is nothing to do. */
  prepare(rules: SearchRules): void;
  /** Settles when every unit's fact was delivered. Throws the signal's reason as soon as it is aborted. */
  analyse<U extends SizedUnit>(analysis: Analysis<U>): Promise<void>;
  stop(): Promise<void>;
}

export function createAnalysisPool(options: PoolOptions): AnalysisPool {
  const workers = createWorkers(options);
  return {
    stop: workers.stop,
    prepare: workers.prepare,
    async analyse<U extends SizedUnit>({ gitDir, rules, units, signal, deliver }: Analysis<U>): Promise<void> {
      const batches = batchesOf(units, options);
      const failed = new AbortController();
      const either = AbortSignal.any([signal, failed.signal]);
      // One more than there are workers, so that the next batch is read while one is delivered.
      const runners = Array.from({ length: options.size + 1 }, async () => {
        for (let next = batches.next(); !next.done; next = batches.next()) {
          either.throwIfAborted();
          const facts = await runBatch(workers, { gitDir, rules, units: next.value }, either);
          await deliver(next.value.map((unit, index) => ({ unit, ...(facts[index] as ReadFact) })));
        }
      });
      const ended = await Promise.allSettled(runners.map((runner) => runner.catch((error: unknown) => {
        failed.abort(error);
        throw error;
      })));
      signal.throwIfAborted();
      const failure = ended.find((runner) => runner.status === 'rejected');
      if (failure) throw failed.signal.reason;
    },
  };
}

function* batchesOf<U extends SizedUnit>(units: Iterable<U>, { batchBytes, batchUnits }: PoolOptions): Generator<U[]> {
  let batch: U[] = [];
  let bytes = 0;
  for (const unit of units) {
    if (batch.length > 0 && (batch.length >= batchUnits || bytes + unit.bytes > batchBytes)) {
      yield batch;
      [batch, bytes] = [[], 0];
    }
    batch.push(unit);
    bytes += unit.bytes;
  }
  if (batch.length > 0) yield batch;
}

/** What one batch is about. */
type Batch = Pick<AnalyseMessage, 'gitDir' | 'rules' | 'units'>;

/**
 * Facts of a batch. When it ends its worker, what it has not answered runs again one by one in a new worker. A unit that
 * does so alone is poison: only the light scan is tried on it, and when that ends a worker too, it is skipped.
 */
async function runBatch(workers: Workers, batch: Batch, signal: AbortSignal): Promise<ReadFact[]> {
  const first = await workers.run({ ...batch, light: null }, signal);
  const facts = [...first.facts];
  for (const unit of batch.units.slice(facts.length)) facts.push(await runAlone(workers, { ...batch, units: [unit] }, signal));
  return facts;
}

async function runAlone(workers: Workers, batch: Batch, signal: AbortSignal): Promise<ReadFact> {
  const begun = performance.now();
  const micros = (): number => Math.round((performance.now() - begun) * 1000);
  const alone = await workers.run({ ...batch, light: null }, signal);
  if (alone.state === 'done') return alone.facts[0] as ReadFact;
  const lightly = await workers.run({ ...batch, light: alone.why }, signal);
  if (lightly.state === 'done') return { fact: (lightly.facts[0] as ReadFact).fact, micros: micros() };
  return { fact: { state: 'skipped', reason: lightly.why, findings: null }, micros: micros() };
}

/** What a worker is given, but for its number. */
type Order = Batch & { readonly light: LightReason | null };

type RunOutcome = { readonly state: 'done'; readonly facts: ReadFact[] } | { readonly state: 'died'; readonly why: Death; readonly facts: ReadFact[] };

interface Workers {
  /** Waits for a free worker in turn, and runs a batch in it. */
  run(order: Order, signal: AbortSignal): Promise<RunOutcome>;
  prepare(rules: SearchRules): void;
  stop(): Promise<void>;
}

interface Worker {
  readonly child: ChildProcess;
  readonly ready: Promise<void>;
  readonly exited: Promise<void>;
  /** The last lines it wrote before it ended. */
  readonly lastWords: () => string;
}

const START_MS = 30_000;

function createWorkers(options: PoolOptions): Workers {
  const idle: Worker[] = [];
  const all = new Set<Worker>();
  const waiting: (() => void)[] = [];
  let busy = 0;
  let batch = 0;
  let stopped = false;
  let idleTimer: NodeJS.Timeout | undefined;

  const start = (): Worker => {
    const worker = startWorker(options);
    all.add(worker);
    void worker.exited.then(() => {
      all.delete(worker);
      if (idle.includes(worker)) idle.splice(idle.indexOf(worker), 1);
    });
    return worker;
  };

  const turn = async (signal: AbortSignal): Promise<void> => {
    if (busy < options.size) return void (busy += 1);
    signal.throwIfAborted();
    await new Promise<void>((resolve, reject) => {
      const go = (): void => {
        signal.removeEventListener('abort', leave);
        resolve();
      };
      const leave = (): void => {
        waiting.splice(waiting.indexOf(go), 1);
        reject(signal.reason);
      };
      signal.addEventListener('abort', leave, { once: true });
      waiting.push(go);
    });
  };

  const release = (worker: Worker | null): void => {
    if (worker && isAlive(worker.child)) idle.push(worker);
    const next = waiting.shift();
    if (next) return next();
    busy -= 1;
    if (busy === 0) retireLater();
  };

  const retireLater = (): void => {
    clearTimeout(idleTimer);
    idleTimer = setTimeout(() => idle.splice(0).forEach((unused) => unused.child.kill('SIGKILL')), options.idleMs).unref();
  };

  return {
    async run(order, signal) {
      signal.throwIfAborted();
      if (stopped) throw Fault.transient('stopping', 'the harvester is stopping; the harvest goes on when it is back');
      clearTimeout(idleTimer);
      await turn(signal);
      let worker: Worker | null = null;
      try {
        worker = idle.pop() ?? start();
        await unlessAborted(worker.ready, signal);
        // Nobody hears of an abort between the two but by asking.
        signal.throwIfAborted();
        batch += 1;
        const outcome = await runIn(worker, { type: 'analyse', batch, ...order }, options.blobDeadlineMs, signal);
        if (outcome.state === 'died') reportDeath(options, outcome.why, worker.lastWords());
        return outcome;
      } finally {
        release(worker);
      }
    },
    prepare(rules) {
      if (stopped || busy > 0) return;
      const worker = idle.at(-1) ?? start();
      if (!idle.includes(worker)) idle.push(worker);
      sendTo(worker, { type: 'prepare', rules });
      retireLater();
    },
    async stop() {
      stopped = true;
      clearTimeout(idleTimer);
      const ending = [...all];
      for (const worker of ending) worker.child.kill('SIGKILL');
      await Promise.all(ending.map((worker) => worker.exited));
    },
  };
}

/** What a promise brings, or the signal's reason as soon as it is aborted. */
function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const leave = (): void => reject(signal.reason);
    if (signal.aborted) return leave();
    signal.addEventListener('abort', leave, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave));
  });
}

const isAlive = (child: ChildProcess): boolean => !child.killed && child.exitCode === null && child.signalCode === null;

function reportDeath({ log, onRestart }: PoolOptions, why: Death, lastWords: string): void {
  onRestart?.(why);
  log.warn({ why, lastWords }, 'an analysis worker ended in the middle of its work; its blobs are tried one by one');
}

function startWorker({ program, memoryMb, env }: PoolOptions): Worker {
  const child = fork(program.file, [], {
    execArgv: [`--max-old-space-size=${memoryMb}`, ...(program.execArgv ?? [])],
    env,
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let words = '';
  child.stderr?.on('data', (chunk: Buffer) => (words = (words + chunk.toString('utf8')).slice(-2000)));
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  const ready = new Promise<void>((resolve, reject) => {
    const refuse = (): void => reject(Fault.transient('worker-failed', `an analysis worker could not start: ${words.trim().split('\n').at(-1) || 'it said nothing'}`));
    const timer = setTimeout(() => child.kill('SIGKILL'), START_MS);
    child.once('message', () => {
      clearTimeout(timer);
      resolve();
    });
    void exited.then(() => {
      clearTimeout(timer);
      refuse();
    });
  });
  ready.catch(() => undefined);
  return { child, ready, exited, lastWords: () => words.trim() };
}

/** Runs one batch in a worker; kills the worker when it says nothing for too long, or when nobody wants the answer any more. */
function runIn({ child, exited }: Worker, message: AnalyseMessage, deadlineMs: number, signal: AbortSignal): Promise<RunOutcome> {
  const facts: ReadFact[] = [];
  return new Promise<RunOutcome>((resolve, reject) => {
    let why: Death = 'crashed';
    const expire = (): void => {
      why = 'timed-out';
      child.kill('SIGKILL');
    };
    let timer = setTimeout(expire, deadlineMs);
    const finish = (settle: () => void): void => {
      clearTimeout(timer);
      child.off('message', listen);
      signal.removeEventListener('abort', abort);
      settle();
    };
    const abort = (): void => {
      child.kill('SIGKILL');
      finish(() => reject(signal.reason));
    };
    const listen = (answer: WorkerMessage): void => {
      if (answer.type === 'ready' || answer.batch !== message.batch) return;
      if (answer.type === 'failed') return finish(() => reject(Fault.transient(answer.code, `the mirror could not be read: ${answer.message}`)));
      facts.push(...answer.facts);
      if (answer.done) return finish(() => resolve({ state: 'done', facts }));
      clearTimeout(timer);
      timer = setTimeout(expire, deadlineMs);
    };
    child.on('message', listen);
    signal.addEventListener('abort', abort, { once: true });
    void exited.then(() => finish(() => (signal.aborted ? reject(signal.reason) : resolve({ state: 'died', why, facts }))));
    sendTo({ child }, message);
  });
}

// One that has just ended is noticed by its exit.
const sendTo = ({ child }: Pick<Worker, 'child'>, message: ServiceMessage): void => void child.send(message, () => undefined);
