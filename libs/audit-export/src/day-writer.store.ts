import { createHash } from 'node:crypto';
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Fault } from '@granary/faults';
import { HASH_BYTES, leafHash, openFrontier } from '@granary/transparency';
import { makeFolder, moveFolder, removeForGood, writeAtomically } from './atomic-file.store';
import type { Day } from './day';
import { decisionLine, isDecision } from './decision';
import type { ExportedFile } from './exported-file';
import { layout, LEAVES, MANIFEST } from './layout';
import { MANIFEST_FORMAT, manifestText, type DayManifest } from './manifest';
import { createPartWriter, PART_BYTES } from './part-files.store';

export interface DayOptions {
  /** Folder of the export. */
  readonly root: string;
  readonly origin: string;
  readonly day: Day;
  readonly firstLeaf: number;
  /** The hashes of the complete subtrees before the day, the largest first. */
  readonly frontier: readonly Buffer[];
  /** What a part holds at most, uncompressed. */
  readonly partBytes?: number;
}

/** What is known of a day only at its end. */
export type DayEnd = Pick<DayManifest, 'last' | 'previous'> & { readonly before: string | null; readonly after: Pick<DayManifest['after'], 'checkpoint' | 'proof'> };

/** Writes the files of one day. Nothing lies in their place before all of them are on disk. */
export interface DayWriter {
  /**
   * Adds the next leaf. Resolves at once unless compressing is behind.
   * @param line the leaf, without line break
   * @param type of the event; null for a hole
   */
  add(line: Buffer, type: string | null): Promise<void> | undefined;
  /** The tree so far. */
  tree(): { size: number; root: Buffer; frontier: Buffer[] };
  /**
   * Puts the day in its place. Faults: permanent `export-differs` when another one is there already; the same one may be,
   * when whoever wrote it did not live to say so.
   */
  finish(end: DayEnd): Promise<DayManifest>;
  /** Removes what was written. */
  abandon(): Promise<void>;
}

export async function openDay({ root, origin, day, firstLeaf, frontier, partBytes = PART_BYTES }: DayOptions): Promise<DayWriter> {
  const tree = openFrontier(firstLeaf, frontier);
  const folder = layout.unfinishedDay(root, day);
  await removeForGood(folder);
  await makeFolder(folder);
  const events = createPartWriter({ folder, prefix: 'events', partBytes });
  const decisions = createPartWriter({ folder, prefix: 'decisions', partBytes });
  const leaves = await openLeaves(folder);
  const both = async (...writes: (Promise<void> | undefined)[]): Promise<void> => void (await Promise.all(writes));

  return {
    add(line, type) {
      const hash = leafHash(line);
      const decided = type !== null && isDecision(type) ? decisions.write(decisionLine(tree.size(), line)) : undefined;
      tree.append(hash);
      const listed = leaves.add(hash);
      const written = events.write(line);
      return decided ?? listed ?? written ? both(decided, listed, written) : undefined;
    },
    tree: () => ({ size: tree.size(), root: tree.root(), frontier: tree.hashes() }),
    async finish({ last, previous, before, after }) {
      const files = [...(await events.close()), ...(await decisions.close()), await leaves.close()];
      const manifest: DayManifest = {
        format: MANIFEST_FORMAT,
        origin,
        day,
        firstLeaf,
        leaves: tree.size() - firstLeaf,
        last,
        files,
        before: { checkpoint: before, frontier: frontier.map(base64) },
        after: { root: base64(tree.root()), ...after },
        previous,
      };
      await writeAtomically(join(folder, MANIFEST), manifestText(manifest));
      await putInPlace(root, day, manifest);
      return manifest;
    },
    async abandon() {
      await Promise.all([events.abandon(), decisions.abandon(), leaves.abandon()]);
      await removeForGood(folder);
    },
  };
}

/** Moves the finished folder where it belongs. The same day, written again, is the same to the byte. */
async function putInPlace(root: string, day: Day, manifest: DayManifest): Promise<void> {
  const [from, to] = [layout.unfinishedDay(root, day), layout.day(root, day)];
  const there = await readFile(layout.manifest(root, day), 'utf8').catch(() => null);
  if (there === null) return moveFolder(from, to);
  if (there !== manifestText(manifest)) {
    throw Fault.permanent('export-differs', `${to} holds another export of ${day} than the log gives now, so one of them was changed; compare both with granary audit verify, and move the folder away to export the day anew`);
  }
  await removeForGood(from);
}

const BLOCK_HASHES = 8_192;

async function openLeaves(folder: string) {
  const handle = await open(join(folder, LEAVES), 'wx');
  const digest = createHash('sha256');
  let block: Buffer[] = [];
  let records = 0;
  const flush = async (): Promise<void> => {
    const bytes = Buffer.concat(block);
    block = [];
    digest.update(bytes);
    await handle.writeFile(bytes);
  };
  return {
    add(hash: Buffer): Promise<void> | undefined {
      block.push(hash);
      records += 1;
      return block.length < BLOCK_HASHES ? undefined : flush();
    },
    async close(): Promise<ExportedFile> {
      try {
        await flush();
        await handle.sync();
      } finally {
        await handle.close();
      }
      return { name: LEAVES, records, bytes: records * HASH_BYTES, sha256: digest.digest('hex') };
    },
    abandon: () => handle.close(),
  };
}

const base64 = (hash: Buffer): string => hash.toString('base64');
