/** Bytes as base64url without padding (RFC 4648 section 5, RFC 7515 section 2). */
export function encodeBase64url(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64url');
}

/**
 * The bytes of canonical base64url, or null: padding, white space, `+` and `/`, other characters, impossible lengths and
 * bits set behind the last byte are all refused (RFC 4648 sections 3.2 to 3.5). So one value has exactly one text, and a
 * text may stand for its value in lists and caches.
 */
export function decodeBase64url(text: string): Buffer | null {
  const bytes = Buffer.from(text, 'base64url');
  // Node's decoder forgives everything listed above; what it forgave is not what it would write.
  return bytes.toString('base64url') === text ? bytes : null;
}
