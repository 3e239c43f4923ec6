import type { Extractor, Fact } from './facts';

/** What one blob says. Whatever its content is, the answer is a fact: an extractor that throws makes it `unreadable`. */
export function analyseBlob(content: Buffer, extractor: Extractor, pathClass: string): Fact {
  if (content.length > extractor.maxBytes(pathClass)) return { state: 'skipped', reason: 'too-large' };
  if (isBinary(content)) return { state: 'skipped', reason: 'binary' };
  if (extractor.skipsMinified && isMinified(content)) return { state: 'skipped', reason: 'minified' };
  try {
    const { body, items } = extractor.extract(content.toString('utf8'), pathClass);
    return { state: 'analysed', body: JSON.stringify(body), items };
  } catch {
    // A parser's stack overflow on absurd nesting, most likely.
    return { state: 'skipped', reason: 'unreadable' };
  }
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
