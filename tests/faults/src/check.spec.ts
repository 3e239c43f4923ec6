import { isSound, judge } from './check.ts';

const e = (eventId: string, key: string, n: number) => ({ eventId, key, n });
const announced = [e('1', 'a', 1), e('2', 'a', 2), e('3', 'b', 1)];

describe('the checker of fault runs', () => {
  it('finds nothing wrong with what was applied once and in order', () => {
    expect(isSound(judge(announced, [e('3', 'b', 1), e('1', 'a', 1), e('2', 'a', 2)]))).toBe(true);
  });

  it.each([
    ['missing', [e('1', 'a', 1), e('2', 'a', 2)], { missing: ['3'] }],
    ['twice', [...announced, e('3', 'b', 1)], { twice: ['3'], outOfOrder: ['b: 1 after 1'] }],
    ['unknown', [...announced, e('4', 'c', 1)], { unknown: ['4'] }],
    ['out of order', [e('2', 'a', 2), e('1', 'a', 1), e('3', 'b', 1)], { outOfOrder: ['a: 1 after 2'] }],
  ])('sees what is %s', (_, applied, expected) => {
    const verdict = judge(announced, applied);
    expect(verdict).toMatchObject(expected);
    expect(isSound(verdict)).toBe(false);
  });
});
