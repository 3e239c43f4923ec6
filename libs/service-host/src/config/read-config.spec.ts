import { baseSettings, databaseSettings } from './base-config';
import { readConfig, type ConfigOf } from './read-config';
import { duration, integer, secret, text } from './settings';

const schema = {
  workers: integer('GRANARY_WORKERS', 'what it is for', { default: 2, min: 1, max: 8 }),
  timeoutMs: duration('GRANARY_TIMEOUT', 'what it is for', { default: '30s' }),
  name: text('GRANARY_NAME', 'what it is for'),
  note: text('GRANARY_NOTE', 'what it is for', { optional: true }),
  key: secret('GRANARY_KEY', 'what it is for'),
};

describe('readConfig', () => {
  it('gives a frozen object of the types that the schema says', () => {
    const reading = readConfig<ConfigOf<typeof schema>>(schema, { GRANARY_WORKERS: '4', GRANARY_NAME: 'a', GRANARY_KEY: 'k', GRANARY_NOTE: ' ' });
    expect(reading).toEqual({ ok: true, config: { workers: 4, timeoutMs: 30_000, name: 'a', note: undefined, key: 'k' } });
    if (!reading.ok) return;
    const { workers, note }: { workers: number; note: string | undefined } = reading.config;
    expect([workers, note]).toEqual([4, undefined]);
    expect(Object.isFrozen(reading.config)).toBe(true);
  });

  it('reports all problems together: the variable, the value and what is allowed', () => {
    expect(readConfig(schema, { GRANARY_WORKERS: '9', GRANARY_TIMEOUT: 'soon', GRANARY_NAME: '' })).toEqual({
      ok: false,
      problems: [
        "GRANARY_WORKERS is '9': it must be a whole number from 1 to 8",
        "GRANARY_TIMEOUT is 'soon': it must be a time such as 250ms, 30s, 5m, 2h or 7d",
        'GRANARY_NAME is not set: it must be a text',
        'GRANARY_KEY is not set: it must be a text',
      ],
    });
  });
});

describe('what every service reads', () => {
  it('needs only the addresses of broker and database', () => {
    const env = { GRANARY_NATS_URL: 'nats://127.0.0.1:4222', GRANARY_DATABASE_URL: 'postgres://u:p@h/d' };
    expect(readConfig({ ...baseSettings, ...databaseSettings }, env)).toEqual({
      ok: true,
      config: {
        natsUrl: 'nats://127.0.0.1:4222',
        natsUser: undefined,
        natsPassword: undefined,
        httpHost: '127.0.0.1',
        httpPort: 0,
        logLevel: 'info',
        tenant: 'default',
        dataDir: '.granary',
        trustRefreshMs: 5_000,
        shutdownTimeoutMs: 8_000,
        slowHttpMs: 2_000,
        slowRpcMs: 2_000,
        slowHandlerMs: 10_000,
        deliveryObjectiveMs: 60_000,
        metricsKeepMs: 5_000,
        tallyEveryMs: 300_000,
        build: undefined,
        otlpEndpoint: undefined,
        otlpTracesEndpoint: undefined,
        otlpHeaders: undefined,
        otlpTracesHeaders: undefined,
        tracesSampler: 'parentbased_traceidratio',
        tracesSamplerArg: 1,
        resourceAttributes: undefined,
        otelDisabled: false,
        databaseUrl: 'postgres://u:p@h/d',
        databasePool: 8,
        databaseStatementTimeoutMs: 60_000,
        databaseLockTimeoutMs: 30_000,
        databaseIdleTimeoutMs: 120_000,
        slowDatabaseMs: 1_000,
      },
    });
  });
});
