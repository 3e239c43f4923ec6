import type { CompiledRules } from './compile';
import type { PathClass } from './rule';
import type { Match } from './scan';

// Lines that say what a program uses: statements of most languages, and the lines of Go's import blocks.
const IMPORT = /^\s*(?:import|from|use|using|#?include|extern|package|mod)\b|\b(?:from|import|require\w{0,20})\s{0,2}\(?\s{0,2}["']|^\s*(?:[\w.]+\s+)?["'][\w.@/-]+["'],?\s*$/;
const MANIFEST = /dependenc|<PackageReference|<artifactId>|install_requires|\[project\]|\[packages\]|^require\b/im;
const PASSWORD = /pass|pwd|:\/\//i;
const LONGEST_LINE = 300;
// More names than any file has; hostile contents must not make a long search of each of many words.
const LONGEST_NAMES = 256 * 1_024;

/**
 * Leaves out words that the same content uses as names of what it imports or depends on: the password `celery` in a
 * program that imports celery says nothing, and taking it out of facts that quote the import would break them.
 */
export function withoutNames(secrets: readonly Match[], { rules }: Pick<CompiledRules, 'rules'>, bytes: Buffer, pathClass: PathClass): readonly Match[] {
  const isWord = ({ rule }: Match): boolean => rules[rule]?.rule.words === true;
  if (pathClass === 'prose' || !secrets.some(isWord)) return secrets;
  const names = namesIn(bytes.toString('latin1'), pathClass);
  return names === '' ? secrets : secrets.filter((secret) => !isWord(secret) || !names.includes(secret.value));
}

// The lines of a content that name what it uses; in a manifest all do that are not about passwords.
function namesIn(text: string, pathClass: PathClass): string {
  if (pathClass !== 'source' && !MANIFEST.test(text)) return '';
  const isUse = (line: string): boolean => (pathClass === 'source' ? IMPORT.test(line) : !PASSWORD.test(line));
  return text.split('\n').map((line) => line.slice(0, LONGEST_LINE)).filter(isUse).join('\n').slice(0, LONGEST_NAMES);
}
