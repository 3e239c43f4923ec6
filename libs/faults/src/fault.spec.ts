import { Fault, isFault, isFaultRecord } from './fault';

describe('a fault', () => {
  it('says whether trying again can help, and keeps its cause', () => {
    const cause = new Error('ECONNREFUSED');
    const fault = Fault.transient('remote-unreachable', 'git fetch timed out after 5000 ms', { cause });

    expect(fault).toBeInstanceOf(Error);
    expect(fault).toMatchObject({ name: 'Fault', kind: 'transient', code: 'remote-unreachable', message: 'git fetch timed out after 5000 ms', cause });
    expect(Fault.permanent('not-found', 'no such repository').kind).toBe('permanent');
    expect('cause' in Fault.permanent('not-found', 'no such repository')).toBe(false);
  });

  it.each(['Not Found', 'not_found', '', '-x', 'x-'])('refuses the code %p', (code) => {
    expect(() => Fault.permanent(code, 'x')).toThrow(TypeError);
  });
});

describe('from', () => {
  it('passes faults unchanged', () => {
    const fault = Fault.permanent('not-found', 'no such job');
    expect(Fault.from(fault)).toBe(fault);
  });

  it.each([
    [new RangeError('out of range'), 'out of range'],
    [new TypeError(), 'TypeError'],
    ['plain text', 'plain text'],
    [{ message: 'of another realm' }, 'of another realm'],
    [undefined, 'something that is not an error was thrown'],
  ])('makes %p transient and unexpected', (thrown, message) => {
    expect(Fault.from(thrown)).toMatchObject({ kind: 'transient', code: 'unexpected', message, cause: thrown });
  });
});

describe('over the wire', () => {
  it('keeps kind, code and message and leaves the cause at home', () => {
    const sent = Fault.permanent('not-a-repository', '/tmp has no .git', { cause: new Error('secret detail') });
    const wire = JSON.stringify(sent);
    expect(JSON.parse(wire)).toEqual({ kind: 'permanent', code: 'not-a-repository', message: '/tmp has no .git' });

    const received = Fault.fromRecord(JSON.parse(wire));
    expect(isFault(received)).toBe(true);
    expect(received.toRecord()).toEqual(sent.toRecord());
  });

  it('says when to try again, if that is known', () => {
    const sent = Fault.permanent('locked-out', 'wait', { retryAfterSeconds: 840 });
    expect(Fault.fromRecord(JSON.parse(JSON.stringify(sent)))).toMatchObject({ code: 'locked-out', retryAfterSeconds: 840 });
    expect('retryAfterSeconds' in Fault.permanent('not-found', 'no such job').toRecord()).toBe(false);
  });

  it.each([0, -1, 1.5, '60', null])('takes %p for no time to wait', (retryAfterSeconds) => {
    const { retryAfterSeconds: read } = Fault.fromRecord({ kind: 'permanent', code: 'locked-out', message: 'wait', retryAfterSeconds });
    expect(read).toBeUndefined();
  });

  it.each([null, 'boom', {}, { kind: 'sometimes', code: 'x', message: 'y' }, { kind: 'transient', code: 'Not A Code', message: 'y' }])('reads %p as unexpected', (value) => {
    expect(isFaultRecord(value)).toBe(false);
    expect(Fault.fromRecord(value)).toMatchObject({ kind: 'transient', code: 'unexpected', cause: value });
  });
});

describe('isFault', () => {
  it('knows a fault of another copy of the package', () => {
    const twin = Object.assign(new Error('no'), { name: 'Fault', kind: 'permanent', code: 'not-found' });
    expect(isFault(twin)).toBe(true);
  });

  it.each([new Error('x'), { kind: 'transient', code: 'x', message: 'y' }, null, 'x'])('refuses %p', (value) => {
    expect(isFault(value)).toBe(false);
  });
});
