import { Fault } from '@granary/faults';
import type { Call } from './command';
import { usageFault } from './problem';

/** Goes on when --yes is given or a person says yes. Faults: permanent `usage` when nobody is there to ask; `not-confirmed`. */
export async function confirm({ input, shell, json }: Call, question: string): Promise<void> {
  if (input.flag('yes')) return;
  const answer = json ? null : await shell.ask(`${question} [y/N] `);
  if (answer === null) throw usageFault(`${question} Nobody is there to ask; give --yes to go on.`);
  if (!/^y(es)?$/i.test(answer.trim())) throw Fault.permanent('not-confirmed', 'Nothing was done.');
}
