import type { Input } from '../shell/command';
import { queryOf } from './query';

const now = new Date('2026-03-02T12:00:00.000Z');

function input(options: Record<string, string>): Input {
  return { arg: () => '', optionalArg: () => undefined, text: (name) => options[name], flag: () => false };
}

it('asks for everything by default', () => {
  expect(queryOf(input({}), now)).toEqual({});
});

it('takes every filter', () => {
  const options = { type: 'harvest.completed.v1, task.created.v2', key: 'k1', correlation: 'c1', since: '1h', until: '2026-03-02T11:30:00Z' };

  expect(queryOf(input(options), now)).toEqual({
    types: ['harvest.completed.v1', 'task.created.v2'], key: 'k1', correlationId: 'c1', since: '2026-03-02T11:00:00.000Z', until: '2026-03-02T11:30:00.000Z',
  });
});

it('leaves the time alone where it makes no sense', () => {
  expect(queryOf(input({ since: '1h' }), null)).toEqual({});
});

it.each(['harvest.completed', 'Harvest.completed.v1', ',', 'harvest.*.v1'])('refuses the type %p', (type) => {
  expect(() => queryOf(input({ type }), now)).toThrow(expect.objectContaining({ code: 'usage', message: expect.stringContaining('is no event type') }));
});
