import type { CompiledRules } from './compile';
import type { PathClass } from './rule';
import type { Match } from './scan';

// Lines that say what a program uses: statements of most languages, and the lines of Go's import blocks.
const IMPORT = /^\s*(?:import|from|use|using|#?include|extern|package|mod)\b|\b(?:from|import|require\w{0,20})\s{0,2}\(?\s{0,2}["']|^\s*(?:[\w.]+\s+)?["'][\w.@/-]+["'],?\s*$/;
const MANIFEST = /dependenc|<PackageReference|<artifactId>|install_requires|\[project\]|\[packages\]|^require\b/im;

/**
 * Leaves out words that the same content uses as names of what it imports or depends on: the password `celery` in a
 * program that imports celery says nothing, and taking it out of facts that quote the import would break them.
 */
export function withoutNames(secrets: readonly Match[], { rules }: Pick<CompiledRules, 'rules'>, bytes: Buffer, pathClass: PathClass): readonly Match[] {
  const isWord = ({ rule }: Match): boolean => rules[rule]?.rule.words === true;
  if (pathClass === 'prose' || !secrets.some(isWord)) return secrets;
  const text = bytes.toString('latin1');
  const isUse = pathClass === 'source' ? (line: string) => IMPORT.test(line) : () => true;
  if (pathClass !== 'source' && !MANIFEST.test(text)) return secrets;
  const known = new Map<string, boolean>();
  return secrets.filter((secret) => {
    if (!isWord(secret)) return true;
    const isName = known.get(secret.value) ?? isNameIn(text, secret, isUse);
    known.set(secret.value, isName);
    return !isName;
  });
}

function isNameIn(text: string, { value, start }: Match, isUse: (line: string) => boolean): boolean {
  const own = lineAround(text, start);
  for (let at = text.indexOf(value); at >= 0; at = text.indexOf(value, at + value.length)) {
    const line = lineAround(text, at);
    if (line !== own && isUse(line)) return true;
  }
  return false;
}

const LONGEST_LINE = 300;

function lineAround(text: string, at: number): string {
  const from = text.lastIndexOf('\n', at - 1) + 1;
  const to = text.indexOf('\n', at);
  return text.slice(Math.max(from, at - LONGEST_LINE), to < 0 ? text.length : Math.min(to, at + LONGEST_LINE));
}
