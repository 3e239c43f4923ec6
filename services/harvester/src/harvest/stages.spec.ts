import { closeStages, durationsOf, enterStage } from './stages';

const at = (seconds: number): Date => new Date(Date.UTC(2026, 0, 1, 0, 0, seconds));

describe('stages', () => {
  it('close the one before when the next is entered', () => {
    const stages = enterStage(enterStage([], 'fetching', at(0)), 'scanning', at(3));
    expect(stages).toEqual([
      { stage: 'fetching', startedAt: at(0).toISOString(), durationMs: 3000 },
      { stage: 'scanning', startedAt: at(3).toISOString(), durationMs: null },
    ]);
    expect(closeStages(stages, at(4)).map((stage) => stage.durationMs)).toEqual([3000, 1000]);
  });

  it('never last less than no time, whatever the clock does', () => {
    expect(closeStages(enterStage([], 'fetching', at(5)), at(1))[0]?.durationMs).toBe(0);
  });

  it('say where the time of the last attempt went', () => {
    let stages = enterStage([], 'fetching', at(0));
    stages = enterStage(stages, 'fetching', at(10));
    stages = enterStage(stages, 'scanning', at(12));
    stages = enterStage(stages, 'parsing', at(13));
    stages = enterStage(stages, 'storing', at(20));
    expect(durationsOf(stages, at(0), at(21))).toEqual({ fetchMs: 2000, scanMs: 1000, parseMs: 7000, storeMs: 1000, totalMs: 21_000 });
    expect(durationsOf([], at(0), at(1))).toEqual({ fetchMs: 0, scanMs: 0, parseMs: 0, storeMs: 0, totalMs: 1000 });
  });
});
