import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { wellMonitor } from '../../test/well-platform';
import { logHint } from './log-hint';
import { lastErrorIn } from './logs';
import { runbookPath } from './check';
import { brokerReport } from './monitor';
import { RUNBOOKS } from './runbooks';
import { judgeStartup, startupMessage } from './startup';

const at = Date.parse('2026-03-02T09:30:00.000Z');

describe('the first word of a PostgreSQL', () => {
  const error = (code: string, message: string) => Buffer.from(`E\0\0\0\0SFATAL\0C${code}\0M${message}\0\0`);

  it.each([
    ['a question for a password', Buffer.from('R\0\0\0\u0008'), { state: 'answered' }],
    ['a role that it does not know', error('28000', 'role "granary_doctor" does not exist'), { state: 'answered' }],
    ['a start under way', error('57P03', 'the database system is starting up'), { state: 'failed', why: 'the database system is starting up' }],
    ['no connection free', error('53300', 'sorry, too many clients already'), { state: 'failed', why: 'sorry, too many clients already' }],
    ['another program', Buffer.from('HTTP/1.1 400 Bad Request'), { state: 'failed', why: 'what answers is no PostgreSQL' }],
    ['nothing', Buffer.alloc(0), { state: 'failed' }],
  ])('%s', (_, answer, judged) => {
    expect(judgeStartup(answer)).toMatchObject(judged);
  });

  it('is asked for as the protocol says', () => {
    expect(startupMessage('ada').toString('latin1')).toBe('\0\0\0\u0012\0\u0003\0\0user\0ada\0\0');
  });
});

it('the monitoring of the broker is read, whatever is missing from it', () => {
  expect(brokerReport({ ...wellMonitor(), now: '2026-03-02T09:30:01.005Z' }, { version: '2.15.1' }, [at, at + 10])).toMatchObject({ version: '2.15.1', clock: { aheadMs: 1_000, uncertainMs: 5 }, stream: { messages: 4_711 }, consumers: [{ name: 'audit-log', pending: 0, attended: true }, {}, {}, {}, {}] });
  expect(brokerReport({}, null, [at, at])).toEqual({ version: null, clock: null, stream: null, consumers: [] });
  expect(brokerReport(null, 'x', [at, at])).toMatchObject({ consumers: [] });
});

it('the last error of a log is the newest line of one, without credentials, and none of long ago', () => {
  const line = (time: string, level: string, msg: string, err?: object) => JSON.stringify({ level, time, msg, err });
  const lines = ['not JSON', line('2026-03-02T09:20:00.000Z', 'error', 'first'), line('2026-03-02T09:21:00.000Z', 'fatal', 'cannot start', { message: 'no way to https://ada:secret@example.org/' }), line('2026-03-02T09:22:00.000Z', 'info', 'stopped')];
  expect(lastErrorIn(lines, new Date('2026-03-02T09:00:00.000Z'))).toEqual({ time: '2026-03-02T09:21:00.000Z', message: 'cannot start: no way to https://[redacted]@example.org/' });
  expect(lastErrorIn(lines, new Date('2026-03-02T09:25:00.000Z'))).toBeNull();
  expect(lastErrorIn([JSON.stringify({ level: 50, time: at, msg: 'as pino counts' })], new Date(0))).toMatchObject({ time: '2026-03-02T09:30:00.000Z' });
});

it('logs are read where they lie', () => {
  expect(logHint({ folder: '/data', chosenBy: '--data' })(['nats', 'audit@b:8080'])).toBe('`tail -n 50 /data/logs/nats.log /data/logs/audit.log`');
  expect(logHint({ folder: '/data', chosenBy: 'GRANARY_SERVICES' })(['nats'])).toBe('`docker compose logs --tail 50 nats` (or `kubectl logs`)');
});

it('every runbook that doctor points to is there', () => {
  expect(RUNBOOKS.filter((runbook) => !existsSync(join(__dirname, '..', '..', '..', '..', runbookPath(runbook))))).toEqual([]);
});
