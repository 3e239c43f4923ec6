import { isUtf8 } from 'node:buffer';

/**
 * The object in bytes exactly as `JSON.stringify` writes it, or null. That one comparison refuses duplicate names (RFC 7519
 * section 4 leaves them to the reader, and readers differ), white space, a byte order mark, numbers that are not finite or
 * not exact, needless escapes, and what comes after the end. Only for text that programs of this platform wrote.
 */
export function parseCanonicalObject(bytes: Uint8Array): Readonly<Record<string, unknown>> | null {
  // A replaced character would compare equal after decoding, so bad bytes go first.
  if (!isUtf8(bytes)) return null;
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) && JSON.stringify(value) === text ? value : null;
  } catch {
    return null;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
