/** A partition of the event log: sequences of one epoch from `from` up to, not including, `until`. */
export interface Partition {
  epoch: number;
  from: number;
  until: number;
}

/**
 * The partitions to create so that `sequences` can be written, and one ahead once the newest is half full. Bounds are
 * multiples of `size`, cut where partitions of another size already lie.
 */
export function partitionsToCreate(epoch: number, sequences: readonly number[], existing: readonly Partition[], size: number): Partition[] {
  const known = existing.filter((partition) => partition.epoch === epoch);
  const created: Partition[] = [];
  const last = sequences.at(-1);
  const needed = last === undefined ? [] : [...sequences, last + Math.ceil(size / 2)];
  for (const sequence of needed) {
    if (known.some((partition) => partition.from <= sequence && sequence < partition.until)) continue;
    const start = Math.floor(sequence / size) * size;
    const from = Math.max(start, ...known.filter((partition) => partition.until <= sequence).map((partition) => partition.until));
    const until = Math.min(start + size, ...known.filter((partition) => partition.from > sequence).map((partition) => partition.from));
    const partition = { epoch, from, until };
    known.push(partition);
    created.push(partition);
  }
  return created;
}

export function partitionName({ epoch, from }: Partition): string {
  return `event_log_${epoch}_${from}`;
}
