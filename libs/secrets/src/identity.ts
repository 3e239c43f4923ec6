import { createHash } from 'node:crypto';

/** The stable id of a finding, `secret:<32 hex>`: rule, path and hash of the secret. Its line is not in it, so that edits elsewhere in the file do not make it another one. */
export function identityOf({ rule, path, hash }: { rule: string; path: string; hash: string }): string {
  return `secret:${createHash('sha256').update(JSON.stringify([rule, path, hash])).digest('hex').slice(0, 32)}`;
}
