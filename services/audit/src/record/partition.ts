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
    if (known.some((partition) => holds(partition, sequence))) continue;
    const start = Math.floor(sequence / size) * size;
    const from = Math.max(start, ...known.filter((partition) => partition.until <= sequence).map((partition) => partition.until));
    const until = Math.min(start + size, ...known.filter((partition) => partition.from > sequence).map((partition) => partition.from));
    const partition = { epoch, from, until };
    known.push(partition);
    created.push(partition);
  }
  return created;
}

/** Rows by the partition that takes them, in their order. Faults: an error when there is none for one of them. */
export function byPartition<R extends { readonly sequence: number }>(rows: readonly R[], partitions: readonly Partition[]): [Partition, R[]][] {
  const parts: [Partition, R[]][] = [];
  for (const row of rows) {
    const last = parts.at(-1);
    if (last && holds(last[0], row.sequence)) {
      last[1].push(row);
      continue;
    }
    const partition = partitions.find((one) => holds(one, row.sequence));
    if (!partition) throw new Error(`the event log has no partition for sequence ${row.sequence}`);
    parts.push([partition, [row]]);
  }
  return parts;
}

export const holds = ({ from, until }: Partition, sequence: number): boolean => from <= sequence && sequence < until;

export function partitionName({ epoch, from }: Partition): string {
  return `event_log_${epoch}_${from}`;
}
