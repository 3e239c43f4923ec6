import { join } from 'node:path';
import { checkpointsOf, daysWithCheckpoints, folderOf, keyFileText, layout, MANIFEST, manifestText, timeOf, type DayManifest } from '@granary/audit-export';
import type { ExportStore } from '../store/export.store';
import type { ObjectBody, ObjectStore } from './object-store.client';

export interface UploadDeps {
  readonly root: string;
  readonly objects: ObjectStore;
  readonly store: ExportStore;
  /** Told of each object that is new. */
  uploaded(): void;
}

/** Copies an export into object storage, each object once. */
export interface Uploader {
  /** Keys and checkpoints that are not there yet, one object each. */
  checkpoints(): Promise<void>;
  /** Days that are not there yet, the oldest first; of each the manifest last, so that a day that has one is whole. */
  days(signal: AbortSignal): Promise<void>;
  /** The newest checkpoint that lies there; null when there is none. */
  newestCheckpoint(): Promise<string | null>;
  close(): void;
}

export function createUploader({ root, objects, store, uploaded }: UploadDeps): Uploader {
  const put = async (key: string, body: ObjectBody): Promise<void> => {
    if ((await objects.put(key, body)) === 'stored') uploaded();
  };
  const putDay = async ({ day, files, ...manifest }: DayManifest, signal: AbortSignal): Promise<void> => {
    for (const { name, bytes, sha256 } of files) {
      signal.throwIfAborted();
      await put(`${folderOf(day)}/${name}`, { file: join(layout.day(root, day), name), bytes, sha256 });
    }
    await put(`${folderOf(day)}/${MANIFEST}`, { text: manifestText({ ...manifest, day, files }) });
  };
  // Names sort by time, so the last one says what is there.
  const lastCheckpoint = () => objects.lastKey('checkpoints/', 'checkpoints/');
  let behind: string | null = null;
  const keys = new Set<string>();

  return {
    async checkpoints() {
      for (const { id, ...key } of await store.keys()) {
        if (!keys.has(id)) await put(layout.key('', id), { text: keyFileText(key) });
        keys.add(id);
      }
      behind ??= (await lastCheckpoint()) ?? '';
      for (const day of await daysWithCheckpoints(root)) {
        if (`checkpoints/${day}/~` < behind) continue;
        for (const note of await checkpointsOf(root, day)) {
          const key = layout.checkpointAt('', timeOf(note));
          if (key <= behind) continue;
          await put(key, { text: note });
          behind = key;
        }
      }
    },
    async days(signal) {
      for (const { day, manifest, uploaded: isThere } of await store.keptDays()) {
        if (isThere) continue;
        await putDay(manifest, signal);
        await store.markUploaded(day);
      }
    },
    async newestCheckpoint() {
      const key = await lastCheckpoint();
      return key === null ? null : objects.read(key);
    },
    close: () => objects.close(),
  };
}
