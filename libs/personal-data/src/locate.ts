export interface Position {
  readonly line: number;
  readonly column: number;
}

/**
 * Turns byte positions into lines and columns. Positions must be asked for in ascending order; the whole way through a blob
 * costs its length once, also when it is a single line.
 */
export function locator(content: Buffer): (position: number) => Position {
  let at = 0;
  let line = 1;
  let column = 1;
  return (position) => {
    for (let newline = content.indexOf(10, at); newline !== -1 && newline < position; newline = content.indexOf(10, at)) {
      at = newline + 1;
      line += 1;
      column = 1;
    }
    column += utf16Length(content, at, position);
    at = position;
    return { line, column };
  };
}

/** A character begins with a byte that is not `10xxxxxx`; one of four bytes is two code units. */
function utf16Length(content: Buffer, from: number, to: number): number {
  let length = 0;
  for (let i = from; i < to; i++) {
    const byte = content[i] ?? 0;
    if (byte >= 0xf0) length += 2;
    else if (byte < 0x80 || byte >= 0xc0) length += 1;
  }
  return length;
}
