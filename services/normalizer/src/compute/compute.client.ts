import { extname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { Fault } from '@granary/faults';
import type { Answer, JobInput, JobName, JobOutput, Question } from './jobs';

export interface ComputeOptions {
  /** What the thread may use for objects, in MiB. */
  memoryMb: number;
  /** A job that takes longer is ended together with its thread. */
  deadlineMs: number;
  /** A thread without work is ended after this time, because its memory is better used elsewhere. */
  idleMs: number;
  /** Options for the Node of the thread; tests that run from sources load them with one. */
  execArgv?: readonly string[];
}

export interface Compute {
  /**
   * Runs a job in the thread, one after the other. Faults: those of the job; permanent `out-of-memory`; transient
   * `compute-timed-out`, `compute-failed` and `compute-stopped`.
   */
  run<N extends JobName>(name: N, input: JobInput<N>): Promise<JobOutput<N>>;
  /** Whether there is a thread at the moment. */
  isUp(): boolean;
  /** Ends the thread; jobs under way fail. */
  stop(): Promise<void>;
}

interface Task { question: Question; settle: (result: { output: unknown } | { fault: Fault }) => void }

const PROGRAM = join(__dirname, `compute.worker${extname(__filename)}`);

/** A thread for work that would hold up the event loop; it starts with the first job and again after a failure. */
export function startCompute(options: ComputeOptions): Compute {
  const queue: Task[] = [];
  let thread: Worker | null = null;
  let current: Task | null = null;
  let timer: NodeJS.Timeout | undefined;
  let count = 0;
  let stopped = false;

  const end = (task: Task, result: { output: unknown } | { fault: Fault }): void => {
    if (current !== task) return;
    current = null;
    clearTimeout(timer);
    task.settle(result);
    next();
  };
  const retire = (): Promise<number> | undefined => {
    const retired = thread;
    thread = null;
    retired?.removeAllListeners();
    // A thread that is being ended may still report that it ran out of memory.
    retired?.on('error', () => undefined);
    return retired?.terminate();
  };
  const fail = (fault: Fault): void => {
    void retire();
    if (current !== null) end(current, { fault });
  };
  const next = (): void => {
    clearTimeout(timer);
    const task = queue.shift();
    if (task === undefined) {
      timer = setTimeout(() => void retire(), options.idleMs).unref();
      return;
    }
    current = task;
    thread ??= startThread(options, (answer) => { if (current?.question.id === answer.id) end(current, resultOf(answer)); }, fail);
    timer = setTimeout(() => fail(timedOut(task, options)), options.deadlineMs);
    thread.postMessage(task.question);
  };

  return {
    run<N extends JobName>(name: N, input: JobInput<N>) {
      return new Promise<JobOutput<N>>((resolve, reject) => {
        if (stopped) return reject(stopping());
        const settle: Task['settle'] = (result) => ('fault' in result ? reject(result.fault) : resolve(result.output as JobOutput<N>));
        queue.push({ question: { id: count++, name, input }, settle });
        if (current === null) next();
      });
    },
    isUp: () => thread !== null,
    async stop() {
      stopped = true;
      for (const task of queue.splice(0)) task.settle({ fault: stopping() });
      const retired = retire();
      if (current !== null) end(current, { fault: stopping() });
      clearTimeout(timer);
      await retired;
    },
  };
}

function startThread({ memoryMb, execArgv = [] }: ComputeOptions, answered: (answer: Answer) => void, failed: (fault: Fault) => void): Worker {
  const thread = new Worker(PROGRAM, { execArgv: [...execArgv], resourceLimits: { maxOldGenerationSizeMb: memoryMb }, name: 'normalizer-compute' });
  thread.on('message', answered);
  thread.on('error', (error: Error & { code?: string }) => failed(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? outOfMemory(memoryMb, error) : crashed(error)));
  thread.on('exit', (code) => failed(crashed(new Error(`the thread ended with code ${code}`))));
  // Only work keeps the process alive, not a thread that waits for it.
  thread.unref();
  return thread;
}

function resultOf(answer: Answer): { output: unknown } | { fault: Fault } {
  return answer.ok ? { output: answer.output } : { fault: Fault.fromRecord(answer.fault) };
}

function outOfMemory(memoryMb: number, cause: unknown): Fault {
  return Fault.permanent('out-of-memory', `the graph needs more than ${memoryMb} MiB; raise GRANARY_COMPUTE_MEMORY and redrive the event with \`granary held redrive\``, { cause });
}

function timedOut({ question }: Task, { deadlineMs }: ComputeOptions): Fault {
  return Fault.transient('compute-timed-out', `the job '${question.name}' took longer than ${deadlineMs} ms; raise GRANARY_COMPUTE_DEADLINE when repositories are that large`);
}

const crashed = (cause: Error): Fault => Fault.transient('compute-failed', `the thread that computes graphs failed: ${cause.message}`, { cause });
const stopping = (): Fault => Fault.transient('compute-stopped', 'the service is stopping');
