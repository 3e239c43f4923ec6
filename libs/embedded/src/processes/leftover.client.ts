import { readIfThere, removeIfThere } from '../data-folder/private-file.store';
import { endProcess, inspectProcess } from './process.client';

export interface Leftover {
  /** The file in which the server wrote its process id, on the first line. */
  readonly pidFile: string;
  /** The server's folder, which its command line names. */
  readonly folder: string;
  readonly signal: NodeJS.Signals;
}

/**
 * Ends a server that an earlier start, killed since, has left running, and removes the pid file of one that is gone:
 * its id may belong to a stranger by now, who is left alone.
 * @returns the id of the server that was ended, or null
 */
export async function endLeftover({ pidFile, folder, signal }: Leftover): Promise<number | null> {
  const pid = Number.parseInt(readIfThere(pidFile)?.split('\n')[0] ?? '', 10);
  const facts = Number.isInteger(pid) ? inspectProcess(pid) : null;
  const ours = facts !== null && facts.command.includes(folder);
  if (ours) await endProcess(facts, signal, 3_000);
  removeIfThere(pidFile);
  return ours ? pid : null;
}
