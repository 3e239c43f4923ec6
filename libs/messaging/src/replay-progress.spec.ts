import type { Envelope } from '@granary/contracts';
import type { ReplayFailure } from './ports';
import { moves, Progress } from './replay-progress';

const at = (sequence: number) => ({ epoch: 1, sequence });
const event = {} as Envelope;
const batch = (...sequences: number[]) => ({ from: at(0), through: at(99), entries: sequences.map((sequence) => ({ position: at(sequence), event })) });
const failure = (sequence: number) => ({ position: at(sequence), code: 'no' }) as ReplayFailure;

it('tells of what is settled up to the first event that is not', () => {
  const progress = new Progress(batch(3, 5, 8));
  expect(moves(progress.next())).toBe(false);
  progress.settle(at(5), 'handled');
  expect(moves(progress.next())).toBe(false);
  progress.settle(at(3), failure(3));
  expect(progress.next()).toEqual({ from: at(0), through: at(5), handled: 1, failures: [failure(3)] });
});

it('goes on behind what was heard, and ends where the batch does', () => {
  const progress = new Progress(batch(3, 5));
  progress.settle(at(3), 'handled');
  progress.heard(progress.next());
  expect(moves(progress.next())).toBe(false);
  progress.settle(at(5), 'handled');
  // Not heard: told again.
  expect(progress.next()).toEqual({ from: at(3), through: at(99), handled: 1, failures: [] });
  progress.heard(progress.next());
  expect(moves(progress.next())).toBe(false);
});

it('tells of a hundred failures at a time', () => {
  const progress = new Progress({ ...batch(...Array.from({ length: 101 }, (_, i) => i + 1)), through: at(200) });
  for (let i = 1; i <= 101; i += 1) progress.settle(at(i), failure(i));
  const first = progress.next();
  expect([first.through, first.failures.length]).toEqual([at(100), 100]);
  progress.heard(first);
  expect(progress.next()).toMatchObject({ from: at(100), through: at(200), failures: [failure(101)] });
});
