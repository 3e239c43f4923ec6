import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A file with rules for Prometheus. */
export interface RuleFile {
  /** Without folder. */
  readonly name: string;
  readonly yaml: string;
}

/** The rule files of a folder, in the order of their names; none when there is no such folder. */
export function readRules(folder: string): RuleFile[] {
  const names = globSync('*.{yaml,yml}', { cwd: folder }).sort();
  return names.map((name) => ({ name, yaml: readFileSync(join(folder, name), 'utf8') }));
}
