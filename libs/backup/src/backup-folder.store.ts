import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Writable } from 'node:stream';
import { Fault } from '@granary/faults';
import { damaged, filesOf, momentOf, parseManifest, type FileRecord, type Manifest } from './manifest';

/** A backup on its way: nobody takes it for one before it is finished. */
export interface Draft {
  /** A file of the backup; its record is known once the stream has ended. */
  file(path: string): { readonly into: Writable; record(): FileRecord };
  /** Writes the manifest, makes everything lasting, and gives the backup its name. Answers its folder. */
  finish(manifest: Manifest): Promise<string>;
  discard(): Promise<void>;
}

/** What the last restore of a backup into scratch servers found. */
export interface Verification {
  /** RFC 3339. */
  readonly verifiedAt: string;
  readonly seconds: number;
  readonly rows: number;
  readonly messages: number;
  /** Digests of the messages of each stream, as the scratch server gave them out. */
  readonly streams: Readonly<Record<string, string>>;
}

export interface ListedBackup {
  readonly name: string;
  readonly folder: string;
  readonly manifest: Manifest;
  /** Null until it was restored once. */
  readonly verification: Verification | null;
}

const MANIFEST = 'manifest.json';
/** In the form that `sha256sum --check` reads. */
const DIGEST = 'manifest.sha256';
const VERIFIED = 'verified.json';
const HIDDEN = '.';

/** Begins a backup in a folder of backups, and removes what earlier ones left that were cut off. One at a time. */
export async function openDraft(root: string, name: string): Promise<Draft> {
  const folder = join(root, `${HIDDEN}${name}.draft`);
  await onDisk(root, async () => {
    await mkdir(root, { recursive: true, mode: 0o700 });
    await removeLeftovers(root);
    await mkdir(folder, { mode: 0o700 });
  });
  const folders = new Set([folder]);
  return {
    file(path) {
      let record: FileRecord | null = null;
      const into = hashingFile(join(folder, path), (bytes, sha256) => {
        record = { path, bytes, sha256 };
        folders.add(dirname(join(folder, path)));
      });
      return {
        into,
        record() {
          if (record === null) throw new Error(`${path} is not written yet`);
          return record;
        },
      };
    },
    async finish(manifest) {
      const text = `${JSON.stringify(manifest, null, 1)}\n`;
      const target = join(root, name);
      await onDisk(folder, async () => {
        await writeLasting(join(folder, MANIFEST), text);
        await writeLasting(join(folder, DIGEST), `${sha256(text)}  ${MANIFEST}\n`);
        for (const each of folders) await syncFolder(each);
        await rename(folder, target);
        await syncFolder(root);
      });
      return target;
    },
    discard: () => rm(folder, { recursive: true, force: true }),
  };
}

/** The backups in a folder, the oldest first, and the folders that look like one and cannot be read. */
export async function listBackups(root: string): Promise<{ backups: ListedBackup[]; unreadable: { name: string; why: string }[] }> {
  const backups: ListedBackup[] = [];
  const unreadable: { name: string; why: string }[] = [];
  for (const name of (await namesIn(root)).sort()) {
    if (momentOf(name) === null) continue;
    try {
      backups.push(await readBackup(join(root, name)));
    } catch (error) {
      unreadable.push({ name, why: (error as Error).message });
    }
  }
  return { backups, unreadable };
}

/** Reads what a backup says of itself. @throws Fault permanent `backup-not-found`, `backup-damaged`, `backup-too-new` */
export async function readBackup(folder: string): Promise<ListedBackup> {
  const path = join(folder, MANIFEST);
  const text = await readIfThere(path);
  if (text === null) throw Fault.permanent('backup-not-found', `${folder} is no backup: it has no ${MANIFEST}. Name the folder of one backup, such as <data>/backups/2026-03-02T09-14-02-117Z`);
  const digest = await readIfThere(join(folder, DIGEST));
  if (digest === null) throw damaged(join(folder, DIGEST), 'it is gone');
  if (digest.split(' ')[0] !== sha256(text)) throw damaged(path, `its digest is not the one in ${DIGEST}`);
  const manifest = parseManifest(text, path);
  const verified = await readIfThere(join(folder, VERIFIED));
  return { name: basename(folder), folder, manifest, verification: verified === null ? null : (JSON.parse(verified) as Verification) };
}

/** Reads every file of a backup. @throws Fault permanent `backup-damaged`, which names the first one that is not what it was */
export async function checkFiles({ folder, manifest }: Pick<ListedBackup, 'folder' | 'manifest'>, signal?: AbortSignal): Promise<void> {
  for (const { path, bytes, sha256: wanted } of filesOf(manifest)) {
    signal?.throwIfAborted();
    const file = join(folder, path);
    const found = await stat(file).catch(() => null);
    if (found === null) throw damaged(file, 'it is gone');
    if (found.size !== bytes) throw damaged(file, `it has ${found.size} bytes instead of ${bytes}`);
    if ((await digestOfFile(file)) !== wanted) throw damaged(file, 'its digest is not the one in the manifest');
  }
}

export async function saveVerification(folder: string, verification: Verification): Promise<void> {
  await onDisk(folder, async () => {
    const draft = join(folder, `${HIDDEN}${VERIFIED}`);
    await writeLasting(draft, `${JSON.stringify(verification, null, 1)}\n`);
    await rename(draft, join(folder, VERIFIED));
    await syncFolder(folder);
  });
}

/** Removes a backup: gone at once for who lists them, whatever happens to the process meanwhile. */
export async function removeBackup(root: string, name: string): Promise<void> {
  const aside = join(root, `${HIDDEN}${name}.gone`);
  await rename(join(root, name), aside);
  await rm(aside, { recursive: true, force: true });
}

async function removeLeftovers(root: string): Promise<void> {
  const left = (await namesIn(root)).filter((name) => name.startsWith(HIDDEN) && momentOf(name.slice(1).replace(/\.(draft|gone)$/, '')) !== null);
  for (const name of left) await rm(join(root, name), { recursive: true, force: true });
}

/** A file that is made when the first bytes come, hashed on the way, and on the disk when the stream has finished. */
function hashingFile(path: string, finished: (bytes: number, sha256: string) => void): Writable {
  const hash: Hash = createHash('sha256');
  let handle: FileHandle | null = null;
  let bytes = 0;
  const opened = async () => {
    if (handle !== null) return handle;
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    return (handle = await open(path, 'wx', 0o600));
  };
  return new Writable({
    highWaterMark: 1_024 * 1_024,
    write(chunk: Buffer, _, done) {
      hash.update(chunk);
      bytes += chunk.length;
      opened()
        .then((file) => writeAll(file, chunk))
        .then(() => done(), (error: unknown) => done(asStorageFault(error, path)));
    },
    final(done) {
      opened()
        .then(async (file) => {
          await file.sync();
          await file.close();
          finished(bytes, hash.digest('hex'));
        })
        .then(() => done(), (error: unknown) => done(asStorageFault(error, path)));
    },
    destroy(error, done) {
      (handle?.close() ?? Promise.resolve()).catch(() => undefined).then(() => done(error), done);
    },
  });
}

async function writeAll(file: FileHandle, chunk: Buffer): Promise<void> {
  let at = 0;
  while (at < chunk.length) at += (await file.write(chunk, at)).bytesWritten;
}

async function writeLasting(path: string, text: string): Promise<void> {
  const file = await open(path, 'w', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Makes all files below a folder lasting. */
export async function syncTree(path: string): Promise<void> {
  for (const entry of await readdir(path, { withFileTypes: true, recursive: true })) if (entry.isFile() || entry.isDirectory()) await syncFolder(join(entry.parentPath, entry.name));
  await syncFolder(path);
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

async function digestOfFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: 1_024 * 1_024 })) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

async function namesIn(root: string): Promise<string[]> {
  return readdir(root).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw asStorageFault(error, root);
  });
}

async function readIfThere(path: string): Promise<string | null> {
  return readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null;
    throw error;
  });
}

async function onDisk<R>(path: string, work: () => Promise<R>): Promise<R> {
  try {
    return await work();
  } catch (error) {
    throw asStorageFault(error, path);
  }
}

/** What the file system refuses, as something that can be mended. */
export function asStorageFault(error: unknown, path: string): Error {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOSPC' || code === 'EDQUOT') return Fault.transient('disk-full', `there is no room left for ${path}: make some, or name another folder (GRANARY_BACKUP_FOLDER). What was begun is removed`, { cause: error });
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') return Fault.permanent('folder-not-writable', `${path} cannot be written: ${message}`, { cause: error });
  return error as Error;
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
