import { currentContext, withContext } from './context';
import { createLogger } from './logger';
import { startTracing, withSpan } from './tracing';

function logged(write: (log: ReturnType<typeof createLogger>) => void): Record<string, unknown>[] {
  const lines: string[] = [];
  write(createLogger({ service: 'normalizer', level: 'info', destination: { write: (line) => lines.push(line) } }));
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe('createLogger', () => {
  it('writes one object a line: level, time, service, fields, message', () => {
    const [line, ...rest] = logged((log) => {
      log.info({ repositoryId: 'r1', ms: 12 }, 'harvest completed');
      log.debug('not at this level');
    });
    expect(rest).toEqual([]);
    expect(line).toEqual({ level: 'info', time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) as string, service: 'normalizer', pid: process.pid, repositoryId: 'r1', ms: 12, msg: 'harvest completed' });
  });

  it('adds the ids of the work context and of the span, and the caller\'s field wins', async () => {
    const tracing = startTracing({ service: 'test' });
    const [inside, own, outside] = logged((log) => {
      withContext({ correlationId: 'c1', tenant: 'acme' }, () =>
        withContext({ jobId: 'j1', tenant: undefined }, () => withSpan('work', {}, () => log.info('inside'))),
      );
      withContext({ tenant: 'acme' }, () => log.info({ tenant: 'other' }, 'own'));
      log.info('outside');
    });
    await tracing.stop();
    expect(inside).toMatchObject({ correlation_id: 'c1', job_id: 'j1', trace_id: expect.stringMatching(/^[\da-f]{32}$/) as string, span_id: expect.stringMatching(/^[\da-f]{16}$/) as string });
    expect(inside).not.toHaveProperty('tenant');
    expect(own).toMatchObject({ tenant: 'other' });
    expect(outside).not.toHaveProperty('trace_id');
    expect(currentContext()).toEqual({});
  });

  it('keeps the chain of causes of an error, given alone or as a field', () => {
    const error = new Error('outer', { cause: new Error('inner') });
    const [alone, field, otherName] = logged((log) => {
      log.error(error);
      log.warn({ err: error }, 'tried again');
      log.warn({ reason: error }, 'tried again');
    });
    const chain = { type: 'Error', message: 'outer', cause: { message: 'inner' } };
    expect(alone).toMatchObject({ msg: 'outer', err: chain });
    expect(field).toMatchObject({ msg: 'tried again', err: chain });
    expect(otherName).toMatchObject({ reason: chain });
  });

  it('lets no credential through in fields, messages, errors and child bindings', () => {
    const lines = logged((log) => {
      log.info({ config: { password: 'c4n4ry' }, url: 'nats://u:c4n4ry@h' }, 'connected to postgres://u:c4n4ry@h/d');
      log.info('%s and %o', 'https://u:c4n4ry@h', { token: 'c4n4ry', list: ['password=c4n4ry'] });
      log.child({ secret: 'c4n4ry', location: 'https://c4n4ry@h/x' }).error(new Error('no https://u:c4n4ry@h', { cause: new Error('Authorization: Bearer c4n4ry') }));
    });
    expect(lines).toHaveLength(3);
    expect(JSON.stringify(lines)).not.toContain('c4n4ry');
  });

  it('lets none through in children of children, in parts of messages and in the context, and keeps every line whole', () => {
    const lines = logged((log) => {
      log.child({ place: 'a' }).child({ token: 'c4n4ry' }).info({ nested: { msg: 'inner', last: 'x' } });
      log.info('password=%s', 'c4n4ry');
      log.info({ first: 1 }, 'answered %j in %d ms', { secret: 'c4n4ry' }, 3);
      withContext({ correlationId: 'https://u:c4n4ry@h' }, () => log.info('quotes " and \\ with token="c4n4ry"'));
    });
    expect(JSON.stringify(lines)).not.toContain('c4n4ry');
    expect(lines).toMatchObject([{ place: 'a', token: '[redacted]', nested: { msg: 'inner' } }, { msg: 'password=[redacted]' }, { msg: 'answered {"secret":"[redacted]"} in 3 ms' }, { msg: 'quotes " and \\ with token="[redacted]"' }]);
  });

  it('writes to standard output when nothing else is named', () => {
    expect(createLogger({ service: 'x', level: 'silent' }).isLevelEnabled('fatal')).toBe(false);
  });
});
