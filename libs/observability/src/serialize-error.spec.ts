import { Fault } from '@granary/faults';
import { serializeError } from './serialize-error';

describe('serializeError', () => {
  it('keeps the chain of causes with kinds and codes', () => {
    const refused = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED', parameters: ['private'] });
    const fault = Fault.transient('database-unreachable', 'cannot connect', { cause: refused });
    expect(serializeError(new TypeError('start failed', { cause: fault }))).toMatchObject({
      type: 'TypeError',
      message: 'start failed',
      stack: expect.stringContaining('TypeError: start failed') as string,
      cause: { type: 'Fault', kind: 'transient', code: 'database-unreachable', cause: { code: 'ECONNREFUSED', message: 'connect ECONNREFUSED' } },
    });
    expect(JSON.stringify(serializeError(fault))).not.toContain('private');
  });

  it('lists the errors of an AggregateError and passes causes that are no errors', () => {
    const both = new AggregateError([new Error('IPv4', { cause: 'timeout' }), 'plain'], 'both refused');
    expect(serializeError(both)).toMatchObject({ errors: [{ message: 'IPv4', cause: 'timeout' }, 'plain'] });
  });

  it('ends a chain that points back', () => {
    const first: Error & { cause?: unknown } = new Error('first');
    first.cause = new Error('second', { cause: first });
    expect(JSON.stringify(serializeError(first)).match(/"message"/g)).toHaveLength(6);
  });

  it('needs no stack', () => {
    const bare = new Error('bare');
    delete bare.stack;
    expect(serializeError(bare)).toEqual({ type: 'Error', message: 'bare' });
  });
});
