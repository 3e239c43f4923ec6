/** A place in a text: the line from 1; the column from 1, in UTF-16 code units, as editors and SARIF count. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

const LINE_FEED = 0x0a;

/** The places of ascending byte offsets in UTF-8; broken bytes count one each, a byte order mark none. */
export function locate(bytes: Buffer, offsets: readonly number[]): Position[] {
  let at = hasByteOrderMark(bytes) ? 3 : 0;
  let line = 1;
  let column = 1;
  return offsets.map((offset) => {
    for (; at < offset; at++) {
      const byte = bytes[at] as number;
      if (byte === LINE_FEED) {
        line++;
        column = 1;
      } else column += unitsOf(byte);
    }
    return { line, column };
  });
}

/** Content as bytes that keywords can be found in: UTF-16 with a byte order mark becomes one byte a code unit. */
export function scannable(content: Buffer): Buffer {
  const little = content[0] === 0xff && content[1] === 0xfe;
  if (!little && !(content[0] === 0xfe && content[1] === 0xff)) return content;
  const narrow = Buffer.allocUnsafe((content.length >> 1) - 1);
  for (let index = 0; index < narrow.length; index++) {
    const unit = little ? content.readUInt16LE(2 * index + 2) : content.readUInt16BE(2 * index + 2);
    narrow[index] = unit < 0x80 ? unit : 0x3f;
  }
  return narrow;
}

// A sequence of four bytes stands for two code units; the bytes behind the first of a sequence for none.
function unitsOf(byte: number): number {
  if (byte >= 0xf0) return 2;
  return byte >= 0x80 && byte < 0xc0 ? 0 : 1;
}

function hasByteOrderMark(bytes: Buffer): boolean {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
}
