import { isSameProcess } from './process-record';

const record = { name: 'nats', pid: 812, birth: 'boot-1/4711', marker: '/home/ada/.granary/nats' };
const facts = { pid: 812, birth: 'boot-1/4711', command: 'nats-server -c /home/ada/.granary/nats/nats.conf' };

describe('isSameProcess', () => {
  it('recognises what we started', () => {
    expect(isSameProcess(record, facts)).toBe(true);
  });

  it.each([
    ['is gone', null],
    ['was born later', { ...facts, birth: 'boot-1/9000' }],
    ['was born after a reboot', { ...facts, birth: 'boot-2/4711' }],
    ['runs other files', { ...facts, command: 'vim notes.txt' }],
  ])('leaves a process alone that %s', (_, other) => {
    expect(isSameProcess(record, other)).toBe(false);
  });
});
