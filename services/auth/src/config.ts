import { duration, secret, text } from '@granary/service-host';
import type { ConfigOf } from '@granary/service-host';

/** The settings of auth itself. */
export const config = {
  issuer: text('GRANARY_AUTH_ISSUER', { default: 'granary' }),
  sessionMs: duration('GRANARY_AUTH_SESSION', { default: '30d', min: '10m', max: '365d' }),
  trustMs: duration('GRANARY_AUTH_TRUST_REFRESH', { default: '1s', min: '50ms', max: '10s' }),
  keyEveryMs: duration('GRANARY_AUTH_KEY_LIFE', { default: '90d', min: '1d', max: '365d' }),
  keyOverlapMs: duration('GRANARY_AUTH_KEY_OVERLAP', { default: '12h', min: '15m', max: '7d' }),
  firstTenant: text('GRANARY_AUTH_FIRST_TENANT', { default: 'default' }),
  firstAdmin: text('GRANARY_AUTH_FIRST_ADMIN', { default: 'admin' }),
  firstPassword: secret('GRANARY_AUTH_FIRST_ADMIN_PASSWORD', { optional: true }),
  firstKey: secret('GRANARY_AUTH_FIRST_KEY', { optional: true }),
  firstPlatformKey: secret('GRANARY_AUTH_FIRST_PLATFORM_KEY', { optional: true }),
};

export type AuthConfig = ConfigOf<typeof config>;
