import { readFileSync } from 'node:fs';
import { createSecretScanner, type CustomRule, parseCustomRules } from '@granary/secrets';
import { usageFault } from '../shell/problem';

/** The text of a file that an option names. Faults: permanent `usage` when it cannot be read. */
export function readText(path: string, option: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw usageFault(`${option} ${path} cannot be read: ${error instanceof Error ? error.message : String(error)}.`);
  }
}

/** The rules in the file that --rules names. Faults: permanent `usage`; `bad-rules` with everything that is wrong with them. */
export function readRules(path: string): CustomRule[] {
  return parseCustomRules(readText(path, '--rules'), new Set(createSecretScanner().rules.map(({ id }) => id)));
}
