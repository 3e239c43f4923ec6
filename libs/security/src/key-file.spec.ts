import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { keyFile } from './key-file.store';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'granary-key-'))));
afterEach(() => rmSync(folder, { recursive: true }));

describe('the key of an installation', () => {
  it('is made once, by one of many, for its owner alone', async () => {
    const path = join(folder, 'new', 'auth.key');
    const keys = await Promise.all(Array.from({ length: 8 }, () => keyFile(path, '')));
    expect(new Set(keys.map((key) => key.toString('hex'))).size).toBe(1);
    expect(Buffer.from(readFileSync(path, 'utf8'), 'base64')).toEqual(keys[0]);
    expect(readdirSync(join(folder, 'new'))).toEqual(['auth.key']);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('may come from a folder that nobody writes to', async () => {
    const [path] = [join(folder, 'mounted.key'), writeFileSync(join(folder, 'mounted.key'), Buffer.alloc(32, 7).toString('base64'))];
    chmodSync(folder, 0o500);
    expect(await keyFile(path, '')).toEqual(Buffer.alloc(32, 7));
    chmodSync(folder, 0o700);
    expect(readdirSync(folder)).toEqual(['mounted.key']);
  });

  it('is not made up again when the file holds something else, or cannot be written', async () => {
    writeFileSync(join(folder, 'bad.key'), 'short');
    await expect(keyFile(join(folder, 'bad.key'), '; everybody logs in again then')).rejects.toMatchObject({ kind: 'permanent', code: 'bad-key-file', message: expect.stringContaining('or remove it; everybody logs in again then') as string });
    await expect(keyFile(join(folder, 'bad.key', 'no.key'), '')).rejects.toMatchObject({ code: 'data-not-writable', message: expect.stringContaining('GRANARY_DATA') as string });
  });
});
