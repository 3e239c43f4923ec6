/** What an `Authorization` header shows. */
export type Shown = { readonly state: 'nothing' } | { readonly state: 'other-scheme' } | { readonly state: 'token' | 'api-key'; readonly text: string };

/** Reads the header as RFC 6750 writes it. API keys come the same way; they are told apart by how they begin. */
export function readBearer(header: string | undefined): Shown {
  if (header === undefined || header === '') return { state: 'nothing' };
  const [, text] = /^bearer +(\S+) *$/i.exec(header) ?? [];
  if (text === undefined) return { state: 'other-scheme' };
  return { state: text.startsWith('gran_') ? 'api-key' : 'token', text };
}
