/**
 * Calls with each line's start and end (without line end and trailing carriage return), and its indentation in spaces.
 * Blank lines are left out. Positions instead of texts: lock files have 100,000 lines, most of which nobody wants.
 */
export function eachLine(source: string, visit: (start: number, end: number, indent: number) => void): void {
  for (let from = source.charCodeAt(0) === 0xfeff ? 1 : 0; from < source.length; ) {
    let end = source.indexOf('\n', from);
    if (end < 0) end = source.length;
    let start = from;
    while (start < end && source.charCodeAt(start) === SPACE) start += 1;
    const last = source.charCodeAt(end - 1) === RETURN ? end - 1 : end;
    if (start < last) visit(start, last, start - from);
    from = end + 1;
  }
}

const SPACE = 32;
const RETURN = 13;
