// The program of the thread: takes a job, answers with its result. Between jobs it keeps only what makes the next ones faster.
import { parentPort, resourceLimits } from 'node:worker_threads';
import { Fault } from '@granary/faults';
import { createStates } from '../normalize/states';
import { jobsWith, type Answer, type Question } from './jobs';

// A state takes up to ten times the memory of its fact pack; a quarter of the thread's is for them.
const MEMORY_OF_STATES = 1 / 4;
const MEMORY_OF_FACTS = 10;

const memory = (resourceLimits.maxOldGenerationSizeMb ?? 0) * 2 ** 20;
const jobs = jobsWith(createStates({ count: 16, factBytes: (memory * MEMORY_OF_STATES) / MEMORY_OF_FACTS }));

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
