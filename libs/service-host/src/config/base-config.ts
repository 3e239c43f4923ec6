import { SAMPLERS } from '@granary/observability';
import type { ConfigOf } from './read-config';
import { duration, flag, integer, oneOf, port, ratio, secret, text, url } from './settings';

/** What every service reads. */
export const baseSettings = {
  natsUrl: url('GRANARY_NATS_URL', 'addresses of the broker', { protocols: ['nats', 'tls'], several: true, example: 'nats://127.0.0.1:4222' }),
  natsUser: text('GRANARY_NATS_USER', "the service's identity at the broker; also its name in the access documents", { optional: true }),
  natsPassword: secret('GRANARY_NATS_PASSWORD', 'its password', { optional: true }),
  natsCaFile: text('GRANARY_NATS_CA_FILE', 'with `tls://`: PEM file of who is believed, instead of the authorities that Node brings along', { optional: true }),
  natsCertificateFile: text('GRANARY_NATS_CERTIFICATE_FILE', 'PEM file of the service’s own certificate, for a broker that asks for one', { optional: true }),
  natsKeyFile: text('GRANARY_NATS_KEY_FILE', 'PEM file of its key', { optional: true }),
  httpHost: text('GRANARY_HTTP_HOST', 'address on which the service answers HTTP', { default: '127.0.0.1' }),
  httpPort: port('GRANARY_HTTP_PORT', 'its port; the log says which one the system chose', { default: 0 }),
  logLevel: oneOf('GRANARY_LOG_LEVEL', 'from which level on lines are logged', ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], { default: 'info' }),
  build: text('GRANARY_BUILD', 'what exactly runs, such as the commit that an image was made of; `/health/status` says it', { optional: true }),
  tenant: text('GRANARY_TENANT', "the tenant that the service's own calls are about", { default: 'default' }),
  dataDir: text('GRANARY_DATA', "folder for files of the service's own", { default: '.granary' }),
  trustRefreshMs: duration('GRANARY_TRUST_REFRESH', 'how often auth is asked whom to believe', { default: '5s', min: '50ms', max: '30s' }),
  shutdownTimeoutMs: duration('GRANARY_SHUTDOWN_TIMEOUT', 'how long a stop may take', { default: '8s', min: '100ms', max: '10m' }),
  slowHttpMs: duration('GRANARY_SLOW_HTTP', 'requests that take longer are counted and logged as slow', { default: '2s', min: '1ms', max: '1d' }),
  slowRpcMs: duration('GRANARY_SLOW_RPC', 'the same for calls that the service answers', { default: '2s', min: '1ms', max: '1d' }),
  slowHandlerMs: duration('GRANARY_SLOW_HANDLER', "the same for one attempt of an event's handler", { default: '10s', min: '1ms', max: '1d' }),
  deliveryObjectiveMs: duration('GRANARY_DELIVERY_OBJECTIVE', 'events that are handled later than this after they were announced count as delivered late', { default: '1m', min: '1ms', max: '1d' }),
  metricsKeepMs: duration('GRANARY_METRICS_KEEP', 'how long figures hold that cost a query, however often somebody scrapes', { default: '5s', max: '1m' }),
  tallyEveryMs: duration('GRANARY_TALLY_EVERY', 'how often audit is told what was counted for objectives', { default: '5m', min: '100ms', max: '1h' }),
  otlpEndpoint: url('OTEL_EXPORTER_OTLP_ENDPOINT', 'collector of traces; without one trace ids exist, but no span is recorded', { optional: true, protocols: ['http', 'https'], example: 'http://127.0.0.1:4318' }),
  otlpTracesEndpoint: url('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', 'the same for traces alone, taken as it stands', { optional: true, protocols: ['http', 'https'], example: 'http://127.0.0.1:4318/v1/traces' }),
  otlpHeaders: secret('OTEL_EXPORTER_OTLP_HEADERS', 'headers for the collector, `name=value,name=value`; values are secrets', { optional: true }),
  otlpTracesHeaders: secret('OTEL_EXPORTER_OTLP_TRACES_HEADERS', 'the same for traces alone', { optional: true }),
  tracesSampler: oneOf('OTEL_TRACES_SAMPLER', 'which new traces are recorded; with `parentbased_` the decision is kept that a trace arrives with', SAMPLERS, { default: 'parentbased_traceidratio' }),
  tracesSamplerArg: ratio('OTEL_TRACES_SAMPLER_ARG', 'share of new traces that the ratio samplers record', { default: 1 }),
  resourceAttributes: text('OTEL_RESOURCE_ATTRIBUTES', 'what else is true of everything this process tells, `deployment.environment.name=production`', { optional: true }),
  otelDisabled: flag('OTEL_SDK_DISABLED', '`true`: no span is recorded or sent', { default: 'false' }),
};

/** What services with a database of their own read besides. */
export const databaseSettings = {
  databaseUrl: url('GRANARY_DATABASE_URL', "the database, as the service's own role; with TLS `?sslmode=verify-full&sslrootcert=<file>`", { secret: true, protocols: ['postgres', 'postgresql'], example: 'postgres://role:password@127.0.0.1:5432/granary' }),
  databasePool: integer('GRANARY_DATABASE_POOL', 'connections of the pool', { default: 8, min: 2, max: 100 }),
  databaseStatementTimeoutMs: duration('GRANARY_DATABASE_STATEMENT_TIMEOUT', 'how long one statement may take; `0s` is without end', { default: '60s', max: '24h' }),
  databaseLockTimeoutMs: duration('GRANARY_DATABASE_LOCK_TIMEOUT', 'how long a statement waits for a row or table that somebody else has locked; `0s` is without end', { default: '30s', max: '24h' }),
  databaseIdleTimeoutMs: duration('GRANARY_DATABASE_IDLE_TIMEOUT', 'how long a transaction may stand still between two statements; `0s` is without end', { default: '120s', max: '24h' }),
  slowDatabaseMs: duration('GRANARY_SLOW_DATABASE', 'the same for statements', { default: '1s', min: '1ms', max: '1d' }),
};

export type BaseConfig = ConfigOf<typeof baseSettings>;
export type DatabaseConfig = ConfigOf<typeof databaseSettings>;
