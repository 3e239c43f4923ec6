import { byPartition, partitionName, partitionsToCreate } from './partition';

const partition = (from: number, until: number, epoch = 1) => ({ epoch, from, until });

describe('partitionsToCreate', () => {
  it('creates the partition that the rows need', () => {
    expect(partitionsToCreate(1, [1, 2, 3], [], 1000)).toEqual([partition(0, 1000)]);
  });

  it('creates the next one ahead once the newest is half full', () => {
    expect(partitionsToCreate(1, [498, 499], [partition(0, 1000)], 1000)).toEqual([]);
    expect(partitionsToCreate(1, [499, 500], [partition(0, 1000)], 1000)).toEqual([partition(1000, 2000)]);
  });

  it('creates only what is needed behind a hole', () => {
    expect(partitionsToCreate(1, [999, 5_000_100], [partition(0, 1000)], 1000)).toEqual([partition(5_000_000, 5_001_000)]);
  });

  it('fits partitions of a new size between those of the old one', () => {
    expect(partitionsToCreate(1, [1_700], [partition(0, 1_500)], 1_000)).toEqual([partition(1_500, 2_000), partition(2_000, 3_000)]);
    expect(partitionsToCreate(1, [100], [partition(500, 1_000)], 1_000)).toEqual([partition(0, 500)]);
  });

  it('keeps epochs apart', () => {
    expect(partitionsToCreate(2, [1], [partition(0, 1000)], 1000)).toEqual([partition(0, 1000, 2)]);
  });

  it('needs nothing without rows', () => {
    expect(partitionsToCreate(1, [], [], 1000)).toEqual([]);
  });
});

describe('byPartition', () => {
  const partitions = [{ epoch: 1, from: 0, until: 50 }, { epoch: 1, from: 50, until: 100 }];
  const rows = (...sequences: number[]) => sequences.map((sequence) => ({ sequence }));

  it('gives each partition the rows that it takes', () => {
    expect(byPartition(rows(48, 49, 50, 51), partitions)).toEqual([
      [partitions[0], rows(48, 49)],
      [partitions[1], rows(50, 51)],
    ]);
    expect(byPartition([], partitions)).toEqual([]);
  });

  it('refuses a row that none takes', () => {
    expect(() => byPartition(rows(99, 100), partitions)).toThrow('no partition for sequence 100');
  });
});

describe('partitionName', () => {
  it('says epoch and first sequence', () => {
    expect(partitionName(partition(5_000_000, 10_000_000, 2))).toBe('event_log_2_5000000');
  });
});
