import { timesOf } from './times';

it.each([[undefined, 1], ['1', 1], ['10', 10], ['0.5', 0.5]])('%s: %d times', (text, times) => {
  expect(timesOf(text)).toBe(times);
});

it.each(['', '0', '-1', 'many'])('refuses %j', (text) => {
  expect(() => timesOf(text)).toThrow('give a positive number, such as 10');
});
