import { bytes, duration, integer, networks, text, type ConfigOf } from '@granary/service-host';

/** The gateway's own settings. */
export const config = {
  origins: text('GRANARY_GATEWAY_ORIGINS', { default: '' }),
  trustedProxies: networks('GRANARY_GATEWAY_TRUSTED_PROXIES', { default: '' }),
  rate: integer('GRANARY_GATEWAY_RATE', { default: 200, min: 0, max: 1_000_000 }),
  publicRate: integer('GRANARY_GATEWAY_PUBLIC_RATE', { default: 10, min: 0, max: 1_000_000 }),
  bodyBytes: bytes('GRANARY_GATEWAY_BODY_LIMIT', { default: '256KiB' }),
  callMs: duration('GRANARY_GATEWAY_CALL_TIMEOUT', { default: '10s', min: '10ms', max: '5m' }),
  headersMs: duration('GRANARY_GATEWAY_HEADERS_TIMEOUT', { default: '10s', min: '100ms', max: '5m' }),
  requestMs: duration('GRANARY_GATEWAY_REQUEST_TIMEOUT', { default: '30s', min: '100ms', max: '10m' }),
  idleMs: duration('GRANARY_GATEWAY_IDLE_TIMEOUT', { default: '72s', min: '100ms', max: '1h' }),
  connections: integer('GRANARY_GATEWAY_CONNECTIONS', { default: 2_000, min: 1, max: 1_000_000 }),
  streams: integer('GRANARY_GATEWAY_STREAMS', { default: 1_000, min: 0, max: 1_000_000 }),
  streamsEach: integer('GRANARY_GATEWAY_STREAMS_EACH', { default: 20, min: 0, max: 1_000_000 }),
  heartbeatMs: duration('GRANARY_GATEWAY_STREAM_HEARTBEAT', { default: '15s', min: '100ms', max: '5m' }),
  stallMs: duration('GRANARY_GATEWAY_STREAM_STALL', { default: '30s', min: '100ms', max: '10m' }),
  retryMs: duration('GRANARY_GATEWAY_STREAM_RETRY', { default: '1s', min: '10ms', max: '5m' }),
  windowBytes: bytes('GRANARY_GATEWAY_STREAM_WINDOW', { default: '8MiB' }),
  logPollMs: duration('GRANARY_GATEWAY_LOG_POLL', { default: '1s', min: '50ms', max: '1m' }),
  jobPollMs: duration('GRANARY_GATEWAY_JOB_POLL', { default: '500ms', min: '50ms', max: '1m' }),
};

export type GatewayConfig = ConfigOf<typeof config>;
