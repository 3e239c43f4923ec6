import { objectStorage } from './object-storage';

const settings = { s3Bucket: 'audit', s3Prefix: 'log', s3Region: 'eu-central-1', s3Endpoint: undefined, s3KeyId: 'id', s3Secret: 'secret', s3Lock: 'compliance' as const, s3LockForMs: 5 };

it('reads where the export goes besides', () => {
  expect(objectStorage(settings)).toEqual({ bucket: 'audit', prefix: 'log/', region: 'eu-central-1', endpoint: undefined, credentials: { accessKeyId: 'id', secretAccessKey: 'secret' }, lock: { mode: 'COMPLIANCE', forMs: 5 } });
  expect(objectStorage({ ...settings, s3Prefix: '', s3KeyId: undefined, s3Secret: undefined, s3Lock: 'none' })).toMatchObject({ prefix: '', credentials: undefined, lock: undefined });
  expect(objectStorage({ ...settings, s3Bucket: undefined })).toBeNull();
});

it('wants both halves of a key', () => {
  expect(() => objectStorage({ ...settings, s3Secret: undefined })).toThrow('belong together');
});
