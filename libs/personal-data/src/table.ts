/** The first line of a table of separated values. */
export interface Header {
  readonly delimiter: string;
  /** In lower case. */
  readonly columns: readonly string[];
  /** Where the rows begin. */
  readonly end: number;
}

const MAX_LINE = 16_384;
const NEWLINE = 0x0a;
const QUOTE = 0x22;

/** The names of the columns, or null when the first line does not look like names. */
export function headerOf(content: Buffer): Header | null {
  const newline = content.indexOf(NEWLINE);
  if (newline === -1 || newline > MAX_LINE) return null;
  const line = content.toString('latin1', 0, newline).toLowerCase();
  const delimiter = [',', ';', '\t', '|'].reduce((best, candidate) => (line.split(candidate).length > line.split(best).length ? candidate : best));
  const columns = line.split(delimiter).map((column) => column.replace(/["'\r]/g, '').trim());
  const named = columns.filter((column) => /^[^\d@]*[a-z][^@]*$/.test(column)).length;
  return named * 2 > columns.length ? { delimiter, columns, end: newline + 1 } : null;
}

/**
 * Tells which cell of its row a position is in, or -1 in an endless row; delimiters inside double quotes do not count. Goes on from the
 * last position that it was asked for, so that a long row with many candidates is read once.
 */
export function cellCounter(content: Buffer, delimiter: string): (position: number) => number {
  const separator = delimiter.charCodeAt(0);
  let at = 0;
  let row = 0;
  let index = 0;
  let quoted = false;
  return (position) => {
    if (position < at) {
      row = at = rowStart(content, position);
      index = 0;
      quoted = false;
    }
    for (; at < position; at++) {
      const byte = content[at];
      if (byte === NEWLINE) {
        row = at + 1;
        index = 0;
        quoted = false;
      } else if (byte === QUOTE) quoted = !quoted;
      else if (byte === separator && !quoted) index += 1;
    }
    return position - row > MAX_LINE ? -1 : index;
  };
}

const rowStart = (content: Buffer, position: number): number => (position === 0 ? 0 : content.lastIndexOf(NEWLINE, position - 1) + 1);
