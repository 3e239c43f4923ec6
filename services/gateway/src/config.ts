import { bytes, duration, integer, networks, text, type ConfigOf } from '@granary/service-host';

/** The gateway's own settings. */
export const config = {
  origins: text('GRANARY_GATEWAY_ORIGINS', 'origins that browsers may ask from, separated by commas', { default: '' }),
  trustedProxies: networks('GRANARY_GATEWAY_TRUSTED_PROXIES', 'addresses and networks of proxies in front', { default: '' }),
  rate: integer('GRANARY_GATEWAY_RATE', 'requests a second of one principal, twice as many at once; 0: no limit', { default: 200, min: 0, max: 1_000_000 }),
  publicRate: integer('GRANARY_GATEWAY_PUBLIC_RATE', 'the same for one address, five times as many at once: public routes and unknown callers; 0: no limit', { default: 10, min: 0, max: 1_000_000 }),
  bodyBytes: bytes('GRANARY_GATEWAY_BODY_LIMIT', 'size of a request', { default: '256KiB' }),
  callMs: duration('GRANARY_GATEWAY_CALL_TIMEOUT', 'how long a service may take to answer', { default: '10s', min: '10ms', max: '5m' }),
  headersMs: duration('GRANARY_GATEWAY_HEADERS_TIMEOUT', 'time until the head of a request is there', { default: '10s', min: '100ms', max: '5m' }),
  requestMs: duration('GRANARY_GATEWAY_REQUEST_TIMEOUT', 'time until all of it is there', { default: '30s', min: '100ms', max: '10m' }),
  idleMs: duration('GRANARY_GATEWAY_IDLE_TIMEOUT', 'how long a connection is kept without a request', { default: '72s', min: '100ms', max: '1h' }),
  connections: integer('GRANARY_GATEWAY_CONNECTIONS', 'connections at once', { default: 2_000, min: 1, max: 1_000_000 }),
  streams: integer('GRANARY_GATEWAY_STREAMS', 'streams that are open at once, of all; each takes a connection', { default: 1_000, min: 0, max: 1_000_000 }),
  streamsEach: integer('GRANARY_GATEWAY_STREAMS_EACH', 'streams that are open at once, of one principal', { default: 20, min: 0, max: 1_000_000 }),
  heartbeatMs: duration('GRANARY_GATEWAY_STREAM_HEARTBEAT', 'silence after which a stream says that it is there', { default: '15s', min: '100ms', max: '5m' }),
  stallMs: duration('GRANARY_GATEWAY_STREAM_STALL', 'time after which a client that reads nothing is let go', { default: '30s', min: '100ms', max: '10m' }),
  retryMs: duration('GRANARY_GATEWAY_STREAM_RETRY', 'after which clients reconnect, at least; at most twice as much', { default: '1s', min: '10ms', max: '5m' }),
  windowBytes: bytes('GRANARY_GATEWAY_STREAM_WINDOW', 'newest events in memory, for all streams together; at most 10,000', { default: '8MiB' }),
  logPollMs: duration('GRANARY_GATEWAY_LOG_POLL', 'how often the log is looked at without a signal', { default: '1s', min: '50ms', max: '1m' }),
  jobPollMs: duration('GRANARY_GATEWAY_JOB_POLL', 'how often a job is looked at that somebody follows', { default: '500ms', min: '50ms', max: '1m' }),
};

export type GatewayConfig = ConfigOf<typeof config>;
