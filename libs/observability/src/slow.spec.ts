import { createLogger } from './logger';
import { createMetrics } from './metrics';
import { createSlowWatch } from './slow';

describe('createSlowWatch', () => {
  it('counts every slow operation, and names each in the log once in a while', async () => {
    const lines: Record<string, unknown>[] = [];
    const metrics = createMetrics('gateway');
    let at = 0;
    const slow = createSlowWatch({ metrics, log: createLogger({ service: 'gateway', level: 'info', destination: { write: (line) => lines.push(JSON.parse(line) as Record<string, unknown>) } }), thresholds: { http: 2_000, rpc: 500 }, quietMs: 10_000, now: () => at });
    slow('http', 'GET /v1/graphs', 1_999);
    slow('http', 'GET /v1/graphs', 2_000.4);
    slow('http', 'GET /v1/graphs', 9_000);
    slow('rpc', () => 'audit.log.read', 501, { rows: 3 });
    slow('rpc', () => { throw new Error('nobody asks for the name of what was fast'); }, 2);
    slow('database', 'select 1', 1e9);
    at = 10_000;
    slow('http', 'GET /v1/graphs', 3_000);
    expect(lines.map(({ level, msg, kind, operation, ms, thresholdMs, rows }) => [level, msg, kind, operation, ms, thresholdMs, rows])).toEqual([
      ['warn', 'slow operation', 'http', 'GET /v1/graphs', 2_000, 2_000, undefined],
      ['warn', 'slow operation', 'rpc', 'audit.log.read', 501, 500, 3],
      ['warn', 'slow operation', 'http', 'GET /v1/graphs', 3_000, 2_000, undefined],
    ]);
    expect(await metrics.metrics()).toMatch(/_total\{kind="http",service="gateway"\} 3\n.*_total\{kind="rpc",service="gateway"\} 1\n/);
  });
});
