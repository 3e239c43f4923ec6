import { SAMPLERS } from '@granary/observability';
import type { ConfigOf } from './read-config';
import { duration, flag, integer, oneOf, port, ratio, secret, text, url } from './settings';

/** What every service reads. */
export const baseSettings = {
  natsUrl: url('GRANARY_NATS_URL', { protocols: ['nats', 'tls'], several: true, example: 'nats://127.0.0.1:4222' }),
  natsUser: text('GRANARY_NATS_USER', { optional: true }),
  natsPassword: secret('GRANARY_NATS_PASSWORD', { optional: true }),
  natsCaFile: text('GRANARY_NATS_CA_FILE', { optional: true }),
  natsCertificateFile: text('GRANARY_NATS_CERTIFICATE_FILE', { optional: true }),
  natsKeyFile: text('GRANARY_NATS_KEY_FILE', { optional: true }),
  httpHost: text('GRANARY_HTTP_HOST', { default: '127.0.0.1' }),
  httpPort: port('GRANARY_HTTP_PORT', { default: 0 }),
  logLevel: oneOf('GRANARY_LOG_LEVEL', ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], { default: 'info' }),
  build: text('GRANARY_BUILD', { optional: true }),
  tenant: text('GRANARY_TENANT', { default: 'default' }),
  dataDir: text('GRANARY_DATA', { default: '.granary' }),
  trustRefreshMs: duration('GRANARY_TRUST_REFRESH', { default: '5s', min: '50ms', max: '30s' }),
  shutdownTimeoutMs: duration('GRANARY_SHUTDOWN_TIMEOUT', { default: '8s', min: '100ms', max: '10m' }),
  slowHttpMs: duration('GRANARY_SLOW_HTTP', { default: '2s', min: '1ms', max: '1d' }),
  slowRpcMs: duration('GRANARY_SLOW_RPC', { default: '2s', min: '1ms', max: '1d' }),
  slowHandlerMs: duration('GRANARY_SLOW_HANDLER', { default: '10s', min: '1ms', max: '1d' }),
  deliveryObjectiveMs: duration('GRANARY_DELIVERY_OBJECTIVE', { default: '1m', min: '1ms', max: '1d' }),
  metricsKeepMs: duration('GRANARY_METRICS_KEEP', { default: '5s', max: '1m' }),
  tallyEveryMs: duration('GRANARY_TALLY_EVERY', { default: '5m', min: '100ms', max: '1h' }),
  otlpEndpoint: url('OTEL_EXPORTER_OTLP_ENDPOINT', { optional: true, protocols: ['http', 'https'], example: 'http://127.0.0.1:4318' }),
  otlpTracesEndpoint: url('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', { optional: true, protocols: ['http', 'https'], example: 'http://127.0.0.1:4318/v1/traces' }),
  otlpHeaders: secret('OTEL_EXPORTER_OTLP_HEADERS', { optional: true }),
  otlpTracesHeaders: secret('OTEL_EXPORTER_OTLP_TRACES_HEADERS', { optional: true }),
  tracesSampler: oneOf('OTEL_TRACES_SAMPLER', SAMPLERS, { default: 'parentbased_traceidratio' }),
  tracesSamplerArg: ratio('OTEL_TRACES_SAMPLER_ARG', { default: 1 }),
  resourceAttributes: text('OTEL_RESOURCE_ATTRIBUTES', { optional: true }),
  otelDisabled: flag('OTEL_SDK_DISABLED', { default: 'false' }),
};

/** What services with a database of their own read besides. */
export const databaseSettings = {
  databaseUrl: url('GRANARY_DATABASE_URL', { secret: true, protocols: ['postgres', 'postgresql'], example: 'postgres://role:password@127.0.0.1:5432/granary' }),
  databasePool: integer('GRANARY_DATABASE_POOL', { default: 8, min: 2, max: 100 }),
  databaseStatementTimeoutMs: duration('GRANARY_DATABASE_STATEMENT_TIMEOUT', { default: '60s', max: '24h' }),
  databaseLockTimeoutMs: duration('GRANARY_DATABASE_LOCK_TIMEOUT', { default: '30s', max: '24h' }),
  databaseIdleTimeoutMs: duration('GRANARY_DATABASE_IDLE_TIMEOUT', { default: '120s', max: '24h' }),
  slowDatabaseMs: duration('GRANARY_SLOW_DATABASE', { default: '1s', min: '1ms', max: '1d' }),
};

export type BaseConfig = ConfigOf<typeof baseSettings>;
export type DatabaseConfig = ConfigOf<typeof databaseSettings>;
