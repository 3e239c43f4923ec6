import { randomBytes, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Fault } from '@granary/faults';
import { SEAL_KEY_BYTES } from './seal';

/**
 * The key of an installation that seals: made once, readable by its owner alone. Replicas share the folder or the file.
 * @param otherwise what to do when the file that was there cannot be had again, and what that costs
 * @throws Fault permanent `data-not-writable`, or `bad-key-file` when the file holds something else
 */
export async function keyFile(path: string, otherwise: string): Promise<Buffer> {
  // One that is there needs no folder that can be written to: it may come from a store of secrets.
  const made = existsSync(path) ? Promise.resolve() : makeOnce(path);
  await made.catch((error: NodeJS.ErrnoException) => {
    throw Fault.permanent('data-not-writable', `${path} cannot be written (${error.message}): let GRANARY_DATA name a folder that the service may write to`, { cause: error });
  });
  const key = Buffer.from(await readFile(path, 'utf8'), 'base64');
  if (key.length === SEAL_KEY_BYTES) return key;
  throw Fault.permanent('bad-key-file', `${path} does not hold a key of ${SEAL_KEY_BYTES} bytes in base64: put back the file that was there, or remove it${otherwise}`);
}

// A link to a whole file lets exactly one of several starting replicas make it, and nobody reads half of it.
async function makeOnce(path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const written = `${path}.${randomUUID()}`;
  try {
    await writeFile(written, randomBytes(SEAL_KEY_BYTES).toString('base64'), { mode: 0o600 });
    await link(written, path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  } finally {
    await rm(written, { force: true });
  }
}
