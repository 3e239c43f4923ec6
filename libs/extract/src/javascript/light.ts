import type { ImportFact, ModuleBody } from '../facts';

// Longer lines are data or packed code.
const MAX_LINE = 2_000;
const MAX_SPECIFIER = 1_024;
/** The word before a quote that makes what is quoted a specifier, and the kind of import it is. */
const WORDS: readonly (readonly [ending: RegExp, kind: ImportFact['kind']])[] = [
  [/(?:^|[^\w$.])require\s{0,4}\(\s{0,4}$/, 'require'],
  [/(?:^|[^\w$.])import\s{0,4}\(\s{0,4}$/, 'dynamic'],
  [/(?:^|[^\w$.])from\s{0,4}$/, 'static'],
  [/(?:^|[;\s])import\s{0,4}$/, 'static'],
];
// What stands directly before the quote is enough.
const LOOK_BACK = 24;

/**
 * The imports of a module by its lines alone, without understanding it: what stands in quotes behind `from`, `import` or
 * `require`. It may take an import in a comment or a string for a real one; it cannot hang.
 */
export function lightImports(source: string): ModuleBody {
  const imports: ImportFact[] = [];
  source.split('\n').forEach((line, index) => {
    if (line.length <= MAX_LINE) collect(line, index + 1, imports);
  });
  return { imports };
}

function collect(line: string, number: number, imports: ImportFact[]): void {
  for (let at = 0; at < line.length; at += 1) {
    const quote = line[at];
    if (quote !== '"' && quote !== "'") continue;
    const end = line.indexOf(quote, at + 1);
    if (end < 0) return;
    const specifier = line.slice(at + 1, end);
    const before = line.slice(Math.max(0, at - LOOK_BACK), at);
    const kind = WORDS.find(([ending]) => ending.test(before))?.[1];
    if (kind !== undefined && specifier !== '' && specifier.length <= MAX_SPECIFIER) imports.push({ specifier, kind, line: number });
    at = end;
  }
}
