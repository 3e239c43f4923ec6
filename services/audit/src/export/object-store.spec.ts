import { randomBytes } from 'node:crypto';
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startTestObjectStore, temporaryFolder, type TestObjectStore } from '@granary/testing';
import { openObjectStore, type ObjectStore, type ObjectStoreSettings } from './object-store.client';

const folder = temporaryFolder();
let storage: TestObjectStore;
const opened: ObjectStore[] = [];
beforeAll(async () => {
  storage = await startTestObjectStore({ pageSize: 2 });
});
afterAll(async () => {
  for (const store of opened) store.close();
  await storage.stop();
  folder.remove();
});
beforeEach(() => {
  storage.objects.clear();
  storage.requests.length = 0;
});

async function open(changes: Partial<ObjectStoreSettings> = {}): Promise<ObjectStore> {
  const store = await openObjectStore({ bucket: storage.bucket, prefix: 'granary/', region: 'eu-test-1', endpoint: storage.url, credentials: storage.credentials, ...changes }, () => new Date());
  opened.push(store);
  return store;
}

function aFile(bytes: number) {
  const content = randomBytes(bytes);
  const file = join(folder.path, `part-${bytes}.jsonl.gz`);
  writeFileSync(file, content);
  return { content, body: { file, bytes, sha256: createHash('sha256').update(content).digest('hex') } };
}

it('writes once: what is there stays, the same counts as stored, another is refused', async () => {
  const store = await open();
  const { content, body } = aFile(3_000_000);
  expect(await store.put('2026/03/02/events-001.jsonl.gz', body)).toBe('stored');
  expect(await store.put('2026/03/02/events-001.jsonl.gz', body)).toBe('there');
  await expect(store.put('2026/03/02/events-001.jsonl.gz', { text: 'other' })).rejects.toMatchObject({ kind: 'permanent', code: 'object-differs' });

  const object = storage.objects.get('granary/2026/03/02/events-001.jsonl.gz');
  expect(object?.body.equals(content)).toBe(true);
  expect(object?.headers).toMatchObject({ 'content-type': 'application/gzip', 'x-amz-meta-sha256': body.sha256 });
  expect(storage.requests).toEqual(['PUT', 'PUT', 'HEAD', 'PUT', 'HEAD'].map((method, at) => `${method} granary/2026/03/02/events-001.jsonl.gz ${[200, 412, 200, 412, 200][at]}`));
});

it('stores texts with characters of all kinds in their keys, and reads them', async () => {
  const store = await open({ prefix: '' });
  const key = "checkpoints/it's (a) key, ä+b.txt";
  await store.put(key, { text: 'größe\n' });
  expect(await store.read(key)).toBe('größe\n');
});

it('finds the last key over several pages', async () => {
  const store = await open();
  expect(await store.lastKey('c/', 'c/')).toBeNull();
  for (const name of ['b/9', 'c/1', 'c/2', 'c/3', 'c/4', 'c/5', 'd/1']) await store.put(name, { text: name });
  expect(await store.lastKey('c/', 'c/')).toBe('c/5');
  expect(await store.lastKey('c/', 'c/5')).toBeNull();
});

it('locks what it stores, where that is asked for', async () => {
  const store = await open({ lock: { mode: 'COMPLIANCE', forMs: 86_400_000 } });
  await store.put('a', { text: 'a' });
  const headers = storage.objects.get('granary/a')?.headers ?? {};
  expect(headers['x-amz-object-lock-mode']).toBe('COMPLIANCE');
  expect(Date.parse(headers['x-amz-object-lock-retain-until-date'] ?? '') - Date.now()).toBeGreaterThan(86_000_000);
});

it('tries again when the storage is busy', async () => {
  const store = await open();
  storage.fail(1);
  expect(await store.put('a', { text: 'a' })).toBe('stored');
  expect(storage.requests).toEqual(['PUT granary/a 503', 'PUT granary/a 200']);
});

it.each<[string, Partial<ObjectStoreSettings>, string]>([
  ['another secret', { credentials: { accessKeyId: 'AKIATESTTESTTESTTEST', secretAccessKey: 'guessed' } }, 'SignatureDoesNotMatch'],
  ['another key', { credentials: { accessKeyId: 'AKIAOTHER', secretAccessKey: 'guessed' } }, 'InvalidAccessKeyId'],
  ['another region', { region: 'us-east-1' }, 'AuthorizationHeaderMalformed'],
  ['another bucket', { bucket: 'other' }, 'NoSuchBucket'],
])('is refused with %s', async (_what, changes, name) => {
  await expect((await open(changes)).put('a', { text: 'a' })).rejects.toMatchObject({ name });
  expect(storage.objects.size).toBe(0);
});
