import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Fault } from '@granary/faults';
import { KEY_BYTES } from './seal';

/** The key that seals signing keys: made once, kept in the data folder, readable by its owner alone. Replicas share the folder or the file. */
export async function vaultKey(dataDir: string): Promise<Buffer> {
  const path = join(dataDir, 'auth.key');
  await mkdir(dataDir, { recursive: true });
  // `wx` lets exactly one of several starting replicas write it.
  await writeFile(path, randomBytes(KEY_BYTES).toString('base64'), { mode: 0o600, flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw Fault.permanent('data-not-writable', `${path} cannot be written (${error.message}): let GRANARY_DATA name a folder that auth may write to`, { cause: error });
  });
  const key = Buffer.from(await readFile(path, 'utf8'), 'base64');
  if (key.length === KEY_BYTES) return key;
  throw Fault.permanent('bad-vault-key', `${path} does not hold a key of ${KEY_BYTES} bytes in base64: put back the file that was there, or remove it; new signing keys are made then, and everybody logs in again`);
}
