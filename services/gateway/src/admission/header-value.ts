const PLAIN = /^[\x20-\x7e]*$/;
const QUOTED = /^"((?:[^"\\]|\\.)*)"$/;
const TRIPLET = /%([0-9A-Fa-f]{2})?/g;
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * The attribute that a header carries, or null when it is not encoded as the bindings of CloudEvents 1.0.2 to HTTP and NATS say
 * (section 3.1.3.2 of both): printable ASCII, perhaps a quoted string, with the rest of Unicode as percent-encoded UTF-8.
 */
export function decodeHeaderValue(header: string): string | null {
  if (!PLAIN.test(header)) return null;
  const text = header.startsWith('"') ? unquoted(header) : header;
  if (text === null || !text.includes('%')) return text;
  return percentDecoded(text);
}

function unquoted(header: string): string | null {
  return QUOTED.exec(header)?.[1]?.replaceAll(/\\(.)/g, '$1') ?? null;
}

function percentDecoded(text: string): string | null {
  const bytes: number[] = [];
  let read = 0;
  for (const match of text.matchAll(TRIPLET)) {
    if (match[1] === undefined) return null;
    for (; read < match.index; read += 1) bytes.push(text.charCodeAt(read));
    bytes.push(Number.parseInt(match[1], 16));
    read = match.index + 3;
  }
  for (; read < text.length; read += 1) bytes.push(text.charCodeAt(read));
  try {
    return utf8.decode(Uint8Array.from(bytes));
  } catch {
    return null;
  }
}
