import { heldMessage, lockState } from './lock-state';

const record = { pid: 812, birth: 'boot-1/4711', since: '2026-03-01T10:00:00.000Z' };
const content = JSON.stringify(record);
const running = (birth: string) => (pid: number) => ({ pid, birth, command: 'node granary.mjs up' });
const gone = () => null;

describe('lockState', () => {
  it('is free without a file', () => {
    expect(lockState(null, gone)).toEqual({ state: 'free' });
  });

  it('is held while the process that wrote it lives', () => {
    expect(lockState(content, running('boot-1/4711'))).toEqual({ state: 'held', by: record });
  });

  it('is stale after a kill', () => {
    expect(lockState(content, gone)).toEqual({ state: 'stale', by: record });
  });

  it('is stale when another process got the same id, as after a reboot', () => {
    expect(lockState(content, running('boot-2/350'))).toEqual({ state: 'stale', by: record });
  });

  it.each(['', 'not json', '[]', '{"pid":"812"}', 'null'])('is stale when it holds %p', (other) => {
    expect(lockState(other, running('boot-1/4711'))).toEqual({ state: 'stale', by: null });
  });
});

it('says who holds the folder and what to do', () => {
  expect(heldMessage('/home/ada/.granary', record)).toBe(
    'Granary already runs with the data folder /home/ada/.granary: process 812, since 2026-03-01T10:00:00.000Z. ' +
      'Use it as it is, stop it first (Ctrl-C in its terminal, or kill 812), or choose another folder with GRANARY_DATA.',
  );
});
