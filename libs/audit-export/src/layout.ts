import { join } from 'node:path';
import { dayOf, folderOf, type Day } from './day';

/** Where everything lies in the folder of an export. */
export const layout = {
  day: (root: string, day: Day): string => join(root, folderOf(day)),
  /** A day while it is written; whoever finds one may remove it. */
  unfinishedDay: (root: string, day: Day): string => join(root, 'unfinished', day),
  manifest: (root: string, day: Day): string => join(root, folderOf(day), MANIFEST),
  checkpoints: (root: string): string => join(root, 'checkpoints'),
  checkpointsOf: (root: string, day: Day): string => join(root, 'checkpoints', `${day}.txt`),
  /** Of a single one, where files cannot grow. Names sort by time. */
  checkpointAt: (root: string, time: Date): string => join(root, 'checkpoints', dayOf(time), `${time.toISOString().slice(11).replaceAll(':', '-')}.txt`),
  tombstones: (root: string): string => join(root, 'tombstones'),
  tombstone: (root: string, day: Day): string => join(root, 'tombstones', `${day}.json`),
  /** Describes a download of single records. */
  extract: (root: string): string => join(root, 'extract.json'),
  keys: (root: string): string => join(root, 'keys.txt'),
  /** Of a single one, where files cannot change. */
  key: (root: string, id: string): string => join(root, 'keys', `${id}.txt`),
};

export const MANIFEST = 'manifest.json';
export const LEAVES = 'leaves.bin';
