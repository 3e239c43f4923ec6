import type { BlobFindings, Search } from './search';
import type { Extractor, Fact, LightReason, ModuleBody, SkipReason } from './facts';
import { masked } from './mask';

/** How one blob is read. */
export interface Reading {
  readonly extractor: Extractor;
  /** `<class of the extractor>/<class of the search>`. */
  readonly pathClass: string;
  readonly search: Search;
  /** Why it is only to be read lightly, null when it is not. */
  readonly light: LightReason | null;
}

/** Content above this is not even searched, in bytes. */
export const MAX_SEARCHED = 10_000_000;

/**
 * What one blob says. It is searched first; whatever its content is, the answer is a fact: an extractor that throws
 * is followed by the light scan.
 */
export function analyseBlob(content: Buffer, { extractor, pathClass, search, light }: Reading): Fact {
  if (content.length > MAX_SEARCHED) return skipped('too-large', null);
  if (isBinary(content)) return skipped('binary', null);
  const [extractorClass = '', searchClass = ''] = pathClass.split('/');
  const found = search.find(content, searchClass);
  if (extractor.skipsMinified && isMinified(content)) return skipped('minified', textOf({ ...found, aiCalls: [] }));
  const tooLarge = content.length > extractor.maxBytes(extractorClass);
  if (tooLarge && extractor.kind !== 'module') return skipped('too-large', textOf({ ...found, aiCalls: [] }));

  const source = content.toString('utf8');
  const extracted = extract(extractor, source, extractorClass, light ?? (tooLarge ? 'too-large' : null));
  if (extracted === null) return skipped('unreadable', textOf({ ...found, aiCalls: [] }));
  const imports = extractor.kind === 'module' ? (extracted.body as ModuleBody).imports : [];
  const aiCalls = extractor.kind === 'module' && extracted.light === null ? search.aiCalls(source, languageOf(extractor), imports) : [];
  const body = extractor.kind === 'text' ? '' : masked(JSON.stringify(extracted.body), content, found.secrets);
  return { state: 'analysed', body, items: extracted.items, light: extracted.light, findings: textOf({ ...found, aiCalls }) };
}

const skipped = (reason: SkipReason, findings: string | null): Fact => ({ state: 'skipped', reason, findings });

const languageOf = ({ id }: Extractor): string => id.slice(0, id.indexOf('@'));

interface Extracted { readonly body: unknown; readonly items: number; readonly light: LightReason | null }

/** Null when not even the light scan can read it. */
function extract(extractor: Extractor, source: string, pathClass: string, light: LightReason | null): Extracted | null {
  if (light === null) {
    try {
      return { ...extractor.extract(source, pathClass), light: null };
    } catch {
      // A parser's stack overflow on absurd nesting, most likely.
      if (extractor.kind !== 'module') return null;
    }
  }
  try {
    return { ...lightly(extractor, source, pathClass), light: light ?? 'unreadable' };
  } catch {
    return null;
  }
}

// The scanners of most languages are light themselves: they only must not get too much.
const LIGHT_LENGTH = 1_000_000;

const lightly = (extractor: Extractor, source: string, pathClass: string) => (extractor.light ?? extractor.extract)(source.slice(0, LIGHT_LENGTH), pathClass);

function textOf(found: BlobFindings): string | null {
  const { secrets, personalData, aiCalls, overBudget } = found;
  return secrets.length + personalData.length + aiCalls.length + overBudget.length === 0 ? null : JSON.stringify(found);
}

// Text has no NUL. Git itself looks at the first 8,000 bytes.
const isBinary = (content: Buffer): boolean => content.subarray(0, 8000).includes(0);

const MINIFIED_FROM = 5_000;
const MINIFIED_AVERAGE = 500;

/** Long lines on average: minified or packed code. One long line in a file of normal ones is data, and does not count. */
function isMinified(content: Buffer): boolean {
  if (content.length < MINIFIED_FROM) return false;
  const linesUntilNormal = content.length / MINIFIED_AVERAGE;
  let lines = 1;
  for (let end = content.indexOf(10); end !== -1 && lines < linesUntilNormal; end = content.indexOf(10, end + 1)) lines += 1;
  return lines < linesUntilNormal;
}
