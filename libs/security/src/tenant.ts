/** The tenant of what concerns no tenant: the platform's own services and those who run it. */
export const PLATFORM_TENANT = '_platform';

const TENANT = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/** Whether a text can name a tenant that people make: one subject token in the form of a DNS label (RFC 1123 section 2.1), in lower case. */
export function isTenantName(text: string): boolean {
  return TENANT.test(text);
}

/** Whether a text names a tenant at all, `_platform` included. */
export function isTenant(text: string): boolean {
  return text === PLATFORM_TENANT || isTenantName(text);
}
