import { createStyle, printable, wantsColours } from './style';

it('colours nothing without colours', () => {
  const style = createStyle(false);
  expect([style.bold('a'), style.dim('b'), style.good('c'), style.warn('d'), style.bad('e'), style.accent('f')]).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
});

it('colours with them', () => {
  expect(createStyle(true).bad('no')).toBe('\u001b[31mno\u001b[39m');
});

it.each([
  [true, {}, true], [false, {}, false], [true, { NO_COLOR: '1' }, false], [true, { NO_COLOR: '' }, true], [true, { TERM: 'dumb' }, false],
])('on a terminal %p with %p colours are %p', (isTerminal, env, wanted) => {
  expect(wantsColours(isTerminal, env)).toBe(wanted);
});

it('takes from others no characters that steer a terminal', () => {
  expect(printable('src/\u001b[31mred\u001b[0m.ts')).toBe('src/?[31mred?[0m.ts');
  expect(printable('one\r\ntwo\tthree\u0007\u009b2J')).toBe('one two three??2J');
  expect(printable('zażółć 日本')).toBe('zażółć 日本');
});
