import { byLane, publishMode } from './relay-plan';

const rows = (...keys: string[]) => keys.map((laneKey, id) => ({ laneKey, id }));

describe('how a window is published', () => {
  it('goes plainly when it is small and each key occurs once', () => {
    expect(publishMode(rows('t.a', 't.b'))).toBe('plain');
  });

  it('goes as one batch when a key occurs twice, so that a failure cannot change its order', () => {
    expect(publishMode(rows('t.a', 't.b', 't.a'))).toBe('batch');
  });

  it('goes as one batch when it is large', () => {
    expect(publishMode(rows(...Array.from({ length: 64 }, (_, i) => `t.${i}`)))).toBe('plain');
    expect(publishMode(rows(...Array.from({ length: 65 }, (_, i) => `t.${i}`)))).toBe('batch');
  });
});

describe('rows by lane', () => {
  it('keep their order within a key', () => {
    expect(byLane(rows('t.a', 't.b', 't.a')).map((lane) => lane.map((row) => row.id))).toEqual([[0, 2], [1]]);
  });
});
