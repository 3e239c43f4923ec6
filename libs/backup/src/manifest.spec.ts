import { asStorageFault } from './backup-folder.store';
import { backupName, filesOf, momentOf, parseManifest, type Manifest } from './manifest';

describe('the name of a backup', () => {
  it('is its moment, and sorts like it', () => {
    const moments = ['2026-03-02T09:14:02.117Z', '2026-03-02T09:14:02.118Z', '2026-12-31T23:59:59.999Z'].map((text) => new Date(text));
    const names = moments.map(backupName);
    expect(names[0]).toBe('2026-03-02T09-14-02-117Z');
    expect(names.toSorted()).toEqual(names);
    expect(names.map(momentOf)).toEqual(moments);
  });

  it.each(['', 'notes', '2026-03-02', '2026-02-30T00-00-00-000Z', '2026-03-02T25-00-00-000Z', '.2026-03-02T09-14-02-117Z.draft', '../2026-03-02T09-14-02-117Z'])('is not %p', (name) => {
    expect(momentOf(name)).toBeNull();
  });
});

describe('a manifest', () => {
  const file = (path: string) => ({ path, bytes: 1, sha256: 'a' });
  const manifest: Manifest = {
    format: 1,
    name: '2026-03-02T09-14-02-117Z',
    createdAt: '2026-03-02T09:14:02.117Z',
    granary: '0.1.0',
    postgres: {
      version: '18.4',
      schemas: [{ schema: 'audit', migrations: [], before: [], after: [], sequences: [], tables: [{ table: 'a', columns: ['x'], rows: 1, bytes: 1, sha256: 'a', file: file('p/a') }, { table: 'b', columns: ['x'], rows: 0, bytes: 0, sha256: '', file: null }] }],
    },
    streams: [{ record: { stream: 'EVENTS', createdAt: '', config: {}, state: { messages: 0, first_seq: 0, last_seq: 0 } }, file: file('s/EVENTS') }],
    consumers: [],
    bytes: 2,
    rows: 1,
  };

  it('is read as it was written, and names every file', () => {
    const read = parseManifest(JSON.stringify(manifest), 'm');
    expect(read).toEqual(manifest);
    expect(filesOf(read).map(({ path }) => path)).toEqual(['p/a', 's/EVENTS']);
  });

  it.each([
    ['', 'backup-damaged', 'm is damaged: it is not a manifest'],
    ['null', 'backup-damaged', 'it is not a manifest'],
    ['{"format":1}', 'backup-damaged', 'parts of it are missing'],
    ['{"format":2,"granary":"9.0.0"}', 'backup-too-new', 'use the Granary that wrote it (9.0.0) or a newer one'],
  ])('refuses %p', (text, code, message) => {
    expect(() => parseManifest(text, 'm')).toThrow(expect.objectContaining({ kind: 'permanent', code, message: expect.stringContaining(message) as string }) as Error);
  });
});

it.each([
  ['ENOSPC', { kind: 'transient', code: 'disk-full' }],
  ['EDQUOT', { code: 'disk-full' }],
  ['EACCES', { kind: 'permanent', code: 'folder-not-writable' }],
  ['EROFS', { code: 'folder-not-writable' }],
  ['EIO', { code: 'EIO', message: 'i/o' }],
])('says what can be done about %s', (code, fault) => {
  expect(asStorageFault(Object.assign(new Error('i/o'), { code }), '/backups/x')).toMatchObject(fault);
});
