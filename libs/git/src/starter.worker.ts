// The program of the small process that starts gits for a big one. Whoever forked it asks by messages; it ends with that process.
import { Fault } from '@granary/faults';
import { createGit } from './git.client';
import type { Answered, Asked } from './starter';

const running = new Map<number, AbortController>();

process.on('message', (asked: Asked) => {
  if (asked.run === null) running.get(asked.id)?.abort();
  else void answer(asked.id, asked.run);
});
// Ctrl-C in a terminal reaches this process too; what is under way is for the other one to end.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => undefined);
process.on('disconnect', () => {
  for (const stopped of running.values()) stopped.abort();
});

async function answer(id: number, { args, call, environment }: NonNullable<Asked['run']>): Promise<void> {
  const stopped = new AbortController();
  running.set(id, stopped);
  const outcome = await createGit(environment)
    .run(args, { ...call, signal: stopped.signal })
    .catch((error: unknown) => ({ state: 'fault' as const, fault: Fault.from(error).toRecord() }));
  running.delete(id);
  const answered: Answered = { id, outcome };
  // The other process may just have ended.
  process.send?.(answered, undefined, undefined, () => undefined);
}
