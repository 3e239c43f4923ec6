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

/** Which cell of its row a position is in, or -1 in an endless row; delimiters inside double quotes do not count. */
export function cellIndex(content: Buffer, position: number, delimiter: string): number {
  const separator = delimiter.charCodeAt(0);
  const start = rowStart(content, position);
  if (position - start > MAX_LINE) return -1;
  let index = 0;
  let quoted = false;
  for (let i = start; i < position; i++) {
    const byte = content[i];
    if (byte === QUOTE) quoted = !quoted;
    else if (byte === separator && !quoted) index += 1;
  }
  return index;
}

function rowStart(content: Buffer, position: number): number {
  const limit = Math.max(0, position - MAX_LINE - 1);
  let start = position;
  while (start > limit && content[start - 1] !== NEWLINE) start -= 1;
  return start;
}
