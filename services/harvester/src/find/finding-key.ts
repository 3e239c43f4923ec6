import { hkdfSync } from 'node:crypto';

/** The key of a tenant's hashes of findings, in hexadecimal digits: derived (RFC 5869), so that tenants cannot compare what they hold. */
export function findingKey(key: Buffer, tenant: string): string {
  return Buffer.from(hkdfSync('sha256', key, Buffer.alloc(0), `granary findings of ${tenant}`, 32)).toString('hex');
}
