import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { PutObjectCommandInput, S3Client } from '@aws-sdk/client-s3';
import { Fault } from '@granary/faults';

/** Where and how objects are stored (S3, or what speaks its protocol). */
export interface ObjectStoreSettings {
  readonly bucket: string;
  /** Before every key; empty, or ending in `/`. */
  readonly prefix: string;
  readonly region: string;
  /** Of a storage that is not AWS; its buckets are then addressed by path. */
  readonly endpoint?: string | undefined;
  /** Without it the SDK looks where it always does: the machine's role, web identity, shared files. */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string } | undefined;
  /** Who may shorten the lock of an object: nobody, or whoever has the right to. */
  readonly lock?: { readonly mode: 'COMPLIANCE' | 'GOVERNANCE'; readonly forMs: number } | undefined;
}

/** A file with what is known of it, or a short text. */
export type ObjectBody = { readonly file: string; readonly bytes: number; readonly sha256: string } | { readonly text: string };

/** Objects that are written once and never changed. */
export interface ObjectStore {
  /**
   * Stores an object; one that is there already is left alone when it is the same.
   * Faults: permanent `object-differs`; whatever the SDK throws.
   */
  put(key: string, body: ObjectBody): Promise<'stored' | 'there'>;
  /** The last key in alphabetical order that begins so, behind another; null when there is none. */
  lastKey(beginning: string, behind: string): Promise<string | null>;
  /** An object as text. Faults: whatever the SDK throws. */
  read(key: string): Promise<string>;
  close(): void;
}

// A file of 100 MB over a slow line takes its time.
const TIMEOUTS = { connectionTimeout: 5_000, requestTimeout: 600_000 };
// What goes wrong is thrown, and logged where it is decided what to do; the SDK would write to the console.
const ignore = (): void => undefined;
const SILENT = { trace: ignore, debug: ignore, info: ignore, warn: ignore, error: ignore };

/** Loads the SDK, which takes a while: only where objects are stored. */
export async function openObjectStore(settings: ObjectStoreSettings, now: () => Date): Promise<ObjectStore> {
  const sdk = await import('@aws-sdk/client-s3');
  const { bucket, prefix, region, endpoint, credentials } = settings;
  const client = new sdk.S3Client({ region, maxAttempts: 3, requestHandler: TIMEOUTS, logger: SILENT, ...(endpoint && { endpoint, forcePathStyle: true }), ...(credentials && { credentials }) });
  signDigests(client);

  const describe = async (key: string): Promise<string | null> => {
    const head = await client.send(new sdk.HeadObjectCommand({ Bucket: bucket, Key: prefix + key, ChecksumMode: 'ENABLED' }));
    return head.Metadata?.['sha256'] ?? null;
  };
  return {
    async put(key, body) {
      const sha256 = 'text' in body ? createHash('sha256').update(body.text).digest('hex') : body.sha256;
      try {
        await client.send(new sdk.PutObjectCommand({ Bucket: bucket, Key: prefix + key, ...contentOf(body), ...integrityOf(sha256), ...lockOf(settings, now()), IfNoneMatch: '*' }));
        return 'stored';
      } catch (error) {
        if (!isThere(error)) throw error;
      }
      if ((await describe(key)) === sha256) return 'there';
      throw Fault.permanent('object-differs', `${bucket}/${prefix}${key} is stored already, with another content than the one to be stored. It is left alone: find out who wrote it, or name another GRANARY_AUDIT_S3_PREFIX`);
    },
    async lastKey(beginning, behind) {
      let last: string | null = null;
      for await (const page of sdk.paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: prefix + beginning, StartAfter: prefix + behind })) last = page.Contents?.at(-1)?.Key?.slice(prefix.length) ?? last;
      return last;
    },
    async read(key) {
      const { Body } = await client.send(new sdk.GetObjectCommand({ Bucket: bucket, Key: prefix + key }));
      return (await Body?.transformToString()) ?? '';
    },
    close: () => client.destroy(),
  };
}

function contentOf(body: ObjectBody): Pick<PutObjectCommandInput, 'Body' | 'ContentLength' | 'ContentType'> {
  if ('text' in body) return { Body: body.text, ContentType: 'text/plain; charset=utf-8' };
  return { Body: createReadStream(body.file), ContentLength: body.bytes, ContentType: body.file.endsWith('.gz') ? 'application/gzip' : 'application/octet-stream' };
}

/** The storage refuses what arrives with another digest; as metadata it can be asked for wherever checksums are not known. */
function integrityOf(sha256: string): Pick<PutObjectCommandInput, 'ChecksumSHA256' | 'Metadata'> {
  return { ChecksumSHA256: Buffer.from(sha256, 'hex').toString('base64'), Metadata: { sha256 } };
}

function lockOf({ lock }: ObjectStoreSettings, now: Date): Pick<PutObjectCommandInput, 'ObjectLockMode' | 'ObjectLockRetainUntilDate'> {
  return lock === undefined ? {} : { ObjectLockMode: lock.mode, ObjectLockRetainUntilDate: new Date(now.getTime() + lock.forMs) };
}

/** The digest of a stream is known before it is read, so that it is signed, too: also where the line is not encrypted. */
function signDigests(client: S3Client): void {
  client.middlewareStack.add(
    (next) => async (args) => {
      const { request } = args as { request?: { headers: Record<string, string> } };
      const digest = request?.headers['x-amz-checksum-sha256'];
      if (request !== undefined && digest !== undefined) request.headers['x-amz-content-sha256'] = Buffer.from(digest, 'base64').toString('hex');
      return next(args);
    },
    { step: 'build', name: 'signDigests', priority: 'low' },
  );
}

/** Two at the same time are one too many for S3; then the other one is there, or soon is. */
function isThere(error: unknown): boolean {
  const { name } = error as { name?: unknown };
  return name === 'PreconditionFailed';
}
