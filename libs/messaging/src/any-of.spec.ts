import { anyOf } from './any-of';

describe('signals joined', () => {
  it('are aborted with the first, for its reason', () => {
    const [a, b] = [new AbortController(), new AbortController()];
    const { signal } = anyOf([a.signal, b.signal]);
    expect(signal.aborted).toBe(false);
    b.abort('b');
    a.abort('a');
    expect({ aborted: signal.aborted, reason: signal.reason as unknown }).toEqual({ aborted: true, reason: 'b' });
  });

  it('are aborted when one was before', () => {
    expect(anyOf([new AbortController().signal, AbortSignal.abort('early')]).signal.reason).toBe('early');
  });

  it('are let go', () => {
    const source = new AbortController();
    const { signal, release } = anyOf([source.signal]);
    release();
    source.abort();
    expect(signal.aborted).toBe(false);
  });
});
