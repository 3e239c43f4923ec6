// Writes exports of logs that never were: some days of events, and a signed checkpoint every six hours.
import { appendLeaves, consistencyRanges, EMPTY_EDGE, formatVkey, leafHash, leafLine, momentLines, openNoteSigner, proofOf, rootOf, signCheckpoint, type Leaf, type NoteSigner, type ReadTile } from '@granary/transparency';
import { keepCheckpoint, keepKeys } from '../src/checkpoint-files.store';
import { daysLater, startOf, type Day } from '../src/day';
import { openDay } from '../src/day-writer.store';
import { manifestDigest, type DayManifest } from '../src/manifest';

export const ORIGIN = 'granary.test/log';
export const FIRST_DAY = '2026-03-01';
const HOUR_MS = 3_600_000;
const CHECKPOINT_EVERY_MS = 6 * HOUR_MS;

export const aSigner = (seed = 1): NoteSigner => openNoteSigner(ORIGIN, Buffer.alloc(32, seed));

export interface TimedLeaf {
  readonly time: Date;
  readonly line: Buffer;
  readonly type: string | null;
}

/** An event an hour for so many days; the fifth of each day is a decision, and the seventh stands behind a hole of two. */
export function someLeaves(days: number): TimedLeaf[] {
  const leaves: TimedLeaf[] = [];
  let sequence = 0;
  for (let hour = 0; hour < days * 24; hour += 1) {
    const time = new Date(startOf(FIRST_DAY).getTime() + hour * HOUR_MS);
    if (hour % 24 === 7) leaves.push(timed(time, { epoch: 1, hole: { first: sequence + 1, last: (sequence += 2) } }, null));
    const type = hour % 24 === 5 ? 'finding.allowed.v1' : 'task.started.v1';
    const body = JSON.stringify({ id: `event-${hour}`, data: { note: `the ${hour}th "event"` } });
    leaves.push(timed(time, { epoch: 1, sequence: (sequence += 1), storedAt: time.toISOString(), tenant: 'acme', type, key: 'key', eventId: `event-${hour}`, body }, type));
  }
  return leaves;
}

const timed = (time: Date, leaf: Leaf, type: string | null): TimedLeaf => ({ time, line: Buffer.from(leafLine(leaf)), type });

interface SignedTree {
  readonly note: string;
  readonly time: Date;
  readonly size: number;
}

export interface WrittenExport {
  readonly vkey: string;
  readonly manifests: DayManifest[];
  readonly checkpoints: SignedTree[];
}

export interface ExportOptions {
  readonly leaves?: readonly TimedLeaf[];
  readonly days?: number;
  readonly signer?: NoteSigner;
  readonly partBytes?: number;
}

/** Writes all of it, as the service does day by day. The last checkpoint is that of the midnight after the last day. */
export async function writeExport(root: string, { days = 3, leaves = someLeaves(days), signer = aSigner(), partBytes = 2_000 }: ExportOptions = {}): Promise<WrittenExport> {
  const tree = treeOf(leaves);
  const checkpoints = signedTrees(leaves, days, signer);
  await keepKeys(root, [formatVkey(signer.key)]);
  for (const { note } of checkpoints) await keepCheckpoint(root, note);
  const manifests: DayManifest[] = [];
  let frontier: Buffer[] = [];
  for (let at = 0; at < days; at += 1) {
    const day = daysLater(FIRST_DAY, at);
    const before = manifests.at(-1) ?? null;
    const firstLeaf = before === null ? 0 : before.firstLeaf + before.leaves;
    const writer = await openDay({ root, origin: ORIGIN, day, firstLeaf, frontier, partBytes });
    for (const leaf of leavesOf(leaves, day)) await writer.add(leaf.line, leaf.type);
    const { size, frontier: next } = writer.tree();
    frontier = next;
    const after = checkpoints.find((one) => one.size >= size && one.time >= startOf(daysLater(day, 1))) as SignedTree;
    const proof = proofOf(consistencyRanges(size, after.size), tree.read).map((hash) => hash.toString('base64'));
    const newest = checkpoints.findLast((one) => one.size <= firstLeaf && one.time <= startOf(day));
    manifests.push(await writer.finish({ last: { epoch: 1, sequence: size }, previous: before && manifestDigest(before), before: newest?.note ?? null, after: { checkpoint: after.note, proof } }));
  }
  return { vkey: formatVkey(signer.key), manifests, checkpoints };
}

export const leavesOf = (leaves: readonly TimedLeaf[], day: Day): TimedLeaf[] => leaves.filter(({ time }) => time >= startOf(day) && time < startOf(daysLater(day, 1)));

function treeOf(leaves: readonly TimedLeaf[]): { read: ReadTile } {
  const { tiles } = appendLeaves(EMPTY_EDGE, leaves.map(({ line }) => leafHash(line)));
  return { read: (level, index) => tiles.find((tile) => tile.level === level && tile.index === index)?.hashes ?? null };
}

/** Signed some minutes after the hour, so that a checkpoint of midnight covers the first event of the new day. */
function signedTrees(leaves: readonly TimedLeaf[], days: number, signer: NoteSigner): SignedTree[] {
  const signed: SignedTree[] = [];
  for (let at = 0; at <= days * 24 * HOUR_MS; at += CHECKPOINT_EVERY_MS) {
    const time = new Date(startOf(FIRST_DAY).getTime() + at + 60_000);
    const covered = leaves.filter((leaf) => leaf.time <= time);
    const { edge } = appendLeaves(EMPTY_EDGE, covered.map(({ line }) => leafHash(line)));
    signed.push({ time, size: covered.length, note: signCheckpoint({ origin: ORIGIN, size: covered.length, root: rootOf(edge), extensions: momentLines({ time, epoch: 1, sequence: covered.length }) }, [signer]) });
  }
  return signed;
}
