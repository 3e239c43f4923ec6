// The program of the thread: takes a job, answers with its result. It holds no state between jobs.
import { parentPort } from 'node:worker_threads';
import { Fault } from '@granary/faults';
import { jobs, type Answer, type Question } from './jobs';

parentPort?.on('message', ({ id, name, input }: Question) => {
  parentPort?.postMessage(answer(id, () => (jobs[name] as (input: unknown) => unknown)(input)));
});

function answer(id: number, work: () => unknown): Answer {
  try {
    return { id, ok: true, output: work() };
  } catch (error) {
    return { id, ok: false, fault: Fault.from(error).toRecord() };
  }
}
