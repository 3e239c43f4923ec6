import { rpcExamples } from '@granary/contracts';
import type { PlatformPlace } from '../platform/place';
import { createStyle } from '../shell/style';
import type { ServiceReport } from '../status/service-report';
import {
  anyFailed, checkBroker, checkClock, checkConsumers, checkDatabase, checkDisk, checkEventLog, checkGit, checkHeld, checkOutboxes, checkPlatformFile, checkProcesses, checkRestarts, checkServices,
  renderChecks, skipped,
} from './checks';

const well: ServiceReport = { name: 'audit', pid: 7, restarts: 0, health: 'healthy', phase: 'ready', version: '0.1.0', uptimeSeconds: 9, pending: 0, outbox: { waiting: 2, dead: 0 }, complaints: [] };
const away: ServiceReport = { ...well, name: 'gateway', health: 'away', phase: null };
const why = { state: 'failed', why: 'no audit service answers' } as const;

it.each([['git version 2.39.5', 'ok'], ['git version 3.0.0', 'ok'], ['git version 2.17.1', 'warn'], ['gut', 'warn'], [null, 'fail']])('git: %p is %p', (version, state) => {
  expect(checkGit(version).state).toBe(state);
});

it.each([[90e9, 'ok'], [1.9e9, 'warn'], [0.2e9, 'fail']])('disk: %p bytes are %p', (free, state) => {
  expect(checkDisk(free, '/data')).toMatchObject({ state, finding: expect.stringContaining('free for /data') });
});

it('platform: tells a run from what one left and from nothing', () => {
  const nothing: PlatformPlace = { folder: '/data', chosenBy: 'GRANARY_DATA', state: 'nothing', platform: null };

  expect(checkPlatformFile(nothing)).toMatchObject({ state: 'fail', finding: 'Granary is not running (no platform.json in /data, taken from GRANARY_DATA).' });
  expect(checkPlatformFile({ ...nothing, state: 'left-over' })).toMatchObject({ state: 'fail', finding: expect.stringContaining('has ended without stopping') });
  const platform = { pid: 12, startedAt: '2026-03-02T09:00:00.000Z' } as PlatformPlace['platform'];
  expect(checkPlatformFile({ ...nothing, state: 'running', platform })).toMatchObject({ state: 'ok', finding: expect.stringContaining('process 12') });
});

it('processes: names those that are missing', () => {
  expect(checkProcesses(10, [])).toMatchObject({ state: 'ok', finding: 'all 10 run' });
  expect(checkProcesses(10, ['audit', 'nats'])).toMatchObject({ state: 'fail', finding: 'Not running: audit, nats.' });
});

it('services: a degraded one warns, another fails', () => {
  const degraded: ServiceReport = { ...well, health: 'degraded', complaints: [{ check: 'mirror', critical: false, detail: 'slow' }] };

  expect(checkServices([well, well])).toMatchObject({ state: 'ok', finding: 'all 2 are ready and healthy' });
  expect(checkServices([well, degraded])).toMatchObject({ state: 'warn', finding: 'audit is ready, degraded (mirror: slow).' });
  expect(checkServices([degraded, away])).toMatchObject({ state: 'fail', finding: expect.stringContaining('gateway does not answer') });
  expect(checkServices([{ ...well, phase: 'starting' }])).toMatchObject({ state: 'fail', finding: 'audit is starting, healthy.' });
});

it('restarts: warn', () => {
  expect(checkRestarts([well]).state).toBe('ok');
  expect(checkRestarts([{ ...well, restarts: 2 }, away])).toMatchObject({ state: 'warn', finding: 'Started again after a crash: audit 2 times.' });
});

it('broker: has to answer, and soon', () => {
  expect(checkBroker({ state: 'answered', value: { roundTripMs: 12 } }, 'nats://127.0.0.1:1')).toMatchObject({ state: 'ok', finding: 'nats://127.0.0.1:1 answers in 12 ms' });
  expect(checkBroker({ state: 'answered', value: { roundTripMs: 2_500 } }, 'nats://127.0.0.1:1').state).toBe('warn');
  expect(checkBroker(why, 'nats://127.0.0.1:1')).toMatchObject({ state: 'fail', finding: 'no audit service answers' });
});

it('database: has to accept connections, also those of the services', () => {
  const url = 'postgresql://127.0.0.1:2/granary';
  const unhappy: ServiceReport = { ...well, complaints: [{ check: 'database', critical: true, detail: 'refused' }] };

  expect(checkDatabase({ state: 'answered', value: null }, url, [well]).state).toBe('ok');
  expect(checkDatabase({ state: 'answered', value: null }, url, [well, unhappy])).toMatchObject({ state: 'fail', finding: 'audit cannot use it.' });
  expect(checkDatabase({ state: 'failed', why: 'ECONNREFUSED' }, url, [])).toMatchObject({ state: 'fail', finding: `${url} accepts no connection: ECONNREFUSED.` });
});

it('event log: may lag a little', () => {
  const log = rpcExamples['audit.log.status'].response;
  const lagging = (lag: number) => checkEventLog({ state: 'answered', value: { ...log, lag } });

  expect([lagging(2).state, lagging(1_001).state, lagging(100_001).state, checkEventLog(why).state]).toEqual(['ok', 'warn', 'fail', 'fail']);
  expect(lagging(2).finding).toBe('4,711 events, 2 behind the stream');
});

it('consumers: may lag a little', () => {
  expect(checkConsumers([well, { ...well, pending: null }]).state).toBe('ok');
  expect(checkConsumers([{ ...well, pending: 1_001 }])).toMatchObject({ state: 'warn', finding: 'audit has 1,001 events to go.' });
});

it('held events: dead ones fail', () => {
  const held = rpcExamples['normalizer.held.list'].response.held;

  expect(checkHeld({ state: 'answered', value: [] }).state).toBe('ok');
  expect(checkHeld({ state: 'answered', value: held.map((one) => ({ ...one, state: 'held' as const })) })).toMatchObject({ state: 'warn', finding: '1 event held and tried again by itself.' });
  expect(checkHeld({ state: 'answered', value: held })).toMatchObject({ state: 'fail', finding: '1 event given up (dead), 0 more held.', advice: expect.stringContaining('held redrive') });
  expect(checkHeld(why).state).toBe('fail');
});

it('outboxes: refused events fail', () => {
  expect(checkOutboxes([well, { ...well, outbox: null }])).toMatchObject({ state: 'ok', finding: '2 events wait for publication' });
  expect(checkOutboxes([{ ...well, outbox: { waiting: 0, dead: 1 } }])).toMatchObject({ state: 'fail', finding: 'audit has 1 event that the broker refuses; their keys are held.' });
});

it.each([[null, 'ok'], ['2026-03-02T11:59:59.000Z', 'ok'], ['2026-03-02T12:00:04.000Z', 'ok'], ['2026-03-02T13:00:00.000Z', 'fail']])('clock: with a newest event of %p is %p', (newest, state) => {
  expect(checkClock(new Date('2026-03-02T12:00:00.000Z'), newest).state).toBe(state);
});

describe('renderChecks', () => {
  const plain = createStyle(false);

  it('shows what was found, what to do, and what it comes to', () => {
    expect(renderChecks([checkGit('git version 2.39.5'), checkDisk(1.9e9, '/data'), checkProcesses(2, ['nats']), skipped('broker', 'Granary is not running')], plain)).toBe(
      [
        '✓ git         git version 2.39.5',
        '! disk space  1.9 GB free for /data.',
        '              → Free some space before it runs out.',
        '✗ processes   Not running: nats.',
        '              → A service is started again by itself within seconds; if it is not, read its log in the data folder below logs/.',
        '– broker      Granary is not running',
        '',
        '1 check failed, 1 warning.',
      ].join('\n'),
    );
  });

  it('is glad, or warns', () => {
    expect(renderChecks([checkGit('git version 2.39.5')], plain)).toMatch(/All is well\.$/);
    expect(renderChecks([checkDisk(1.9e9, '/data')], plain)).toMatch(/No check failed; 1 warning\.$/);
    expect(renderChecks([checkProcesses(2, ['nats'])], plain)).toMatch(/1 check failed\.$/);
  });
});

it('fails when any check does', () => {
  expect(anyFailed([checkGit('git version 2.39.5'), checkDisk(1.9e9, '/data'), skipped('x', 'y')])).toBe(false);
  expect(anyFailed([checkGit(null)])).toBe(true);
});
