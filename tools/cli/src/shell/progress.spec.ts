import { describeStep, deservesLine, type Step } from './progress';

const step = (done: number, total: number | null, label = 'parsing'): Step => ({ label, done, total });

it.each([[step(120, 4_922), 'parsing 120 of 4,922'], [step(0, null), 'parsing'], [step(0, 0), 'parsing']])('%j reads %p', (seen, text) => {
  expect(describeStep(seen)).toBe(text);
});

it.each<[Step | null, Step, boolean]>([
  [null, step(0, 100), true],
  [step(0, 100), step(0, 100), false],
  [step(0, 100), step(24, 100), false],
  [step(24, 100), step(25, 100), true],
  [step(25, 100), step(100, 100), true],
  [step(25, 100), step(0, 100, 'storing'), true],
  [step(0, null), step(5, null), false],
])('after %j, %j deserves a line: %p', (previous, next, deserved) => {
  expect(deservesLine(previous, next)).toBe(deserved);
});
