import { createSecretScanner, type CustomRule, parseCustomRules } from '@granary/secrets';
import { readText } from '../shell/read-text.client';

/** The rules in the file that --rules names. Faults: permanent `usage`; `bad-rules` with everything that is wrong with them. */
export function readRules(path: string): CustomRule[] {
  return parseCustomRules(readText(path, '--rules'), new Set(createSecretScanner().rules.map(({ id }) => id)));
}
