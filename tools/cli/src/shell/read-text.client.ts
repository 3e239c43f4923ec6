import { readFileSync } from 'node:fs';
import { usageFault } from './problem';

/** The text of a file that an option names. Faults: permanent `usage` when it cannot be read. */
export function readText(path: string, option: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw usageFault(`${option} ${path} cannot be read: ${error instanceof Error ? error.message : String(error)}.`);
  }
}
