/** The bytes of canonical base64 with padding (RFC 4648 section 4), or null. So that one value has exactly one text. */
export function decodeBase64(text: string): Buffer | null {
  const bytes = Buffer.from(text, 'base64');
  // Node's decoder forgives; what it forgave is not what it would write.
  return bytes.toString('base64') === text ? bytes : null;
}
