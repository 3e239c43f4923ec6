import { duration, secret, text } from '@granary/service-host';
import type { ConfigOf } from '@granary/service-host';

/** The settings of auth itself. */
export const config = {
  issuer: text('GRANARY_AUTH_ISSUER', 'the `iss` of access tokens', { default: 'granary' }),
  sessionMs: duration('GRANARY_AUTH_SESSION', 'how long a session can be refreshed', { default: '30d', min: '10m', max: '365d' }),
  trustMs: duration('GRANARY_AUTH_TRUST_REFRESH', 'how often signing keys and revocations are read, for what another replica did', { default: '1s', min: '50ms', max: '10s' }),
  keyEveryMs: duration('GRANARY_AUTH_KEY_LIFE', 'how long a key signs tokens', { default: '90d', min: '1d', max: '365d' }),
  keyOverlapMs: duration('GRANARY_AUTH_KEY_OVERLAP', 'how long a key is published before it signs, and after', { default: '12h', min: '15m', max: '7d' }),
  firstTenant: text('GRANARY_AUTH_FIRST_TENANT', 'the tenant that the first start makes', { default: 'default' }),
  firstAdmin: text('GRANARY_AUTH_FIRST_ADMIN', 'the name of its owner, whom the first start makes', { default: 'admin' }),
  firstPassword: secret('GRANARY_AUTH_FIRST_ADMIN_PASSWORD', "the owner's password at the first start; without it nobody can log in", { optional: true }),
  firstKey: secret('GRANARY_AUTH_FIRST_KEY', 'API key of `local-operator`, whom the first start makes with it', { optional: true }),
  firstPlatformKey: secret('GRANARY_AUTH_FIRST_PLATFORM_KEY', 'API key of the operator of the platform, whom the first start makes with it', { optional: true }),
};

export type AuthConfig = ConfigOf<typeof config>;
