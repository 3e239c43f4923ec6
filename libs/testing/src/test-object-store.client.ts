import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An object as it was stored. */
export interface StoredObject {
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, string>>;
}

export interface TestObjectStore {
  readonly url: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly bucket: string;
  /** What is stored, by key. */
  readonly objects: Map<string, StoredObject>;
  /** What was asked for and how it was answered: `PUT a/b 200`. */
  readonly requests: string[];
  /** From now on so many requests are answered with 503, as a storage that is busy does. */
  fail(requests: number): void;
  stop(): Promise<void>;
}

export interface ObjectStoreOptions {
  /** Whether objects may be locked, which a bucket must have been made for. */
  readonly locks?: boolean;
  /** Keys of one page of a list. */
  readonly pageSize?: number;
}

const BUCKET = 'audit';
const REGION = 'eu-test-1';
const CREDENTIALS = { accessKeyId: 'AKIATESTTESTTESTTEST', secretAccessKey: 'a secret that only this test knows' };
const SKEW_MS = 15 * 60_000;

/**
 * A server that speaks as much of the S3 protocol as writing once needs: PUT (with If-None-Match, checksums, object lock),
 * HEAD, GET, DELETE and ListObjectsV2 of one bucket, by path. It believes nobody: every signature (AWS Signature Version 4)
 * is computed anew from what arrived, and what was not signed is refused.
 */
export async function startTestObjectStore({ locks = true, pageSize = 1_000 }: ObjectStoreOptions = {}): Promise<TestObjectStore> {
  const objects = new Map<string, StoredObject>();
  const requests: string[] = [];
  let failing = 0;

  const answer = async (request: IncomingMessage): Promise<Answer> => {
    const body = await bodyOf(request);
    if (failing > 0) {
      failing -= 1;
      return refusal(503, 'SlowDown', 'Please reduce your request rate.');
    }
    const url = new URL(request.url ?? '/', 'http://storage');
    const wrong = signatureProblem(request, url, body);
    if (wrong !== null) return refusal(403, wrong, 'The request was not signed as it arrived.');
    const [, bucket, ...path] = decodeURIComponent(url.pathname).split('/');
    if (bucket !== BUCKET) return refusal(404, 'NoSuchBucket', 'The specified bucket does not exist.');
    const key = path.join('/');
    if (key === '') return request.method === 'GET' && url.searchParams.get('list-type') === '2' ? list(objects, url.searchParams, pageSize) : refusal(405, 'MethodNotAllowed', 'Not here.');
    if (request.method === 'PUT') return put(objects, key, request, body, locks);
    const object = objects.get(key);
    if (object === undefined) return refusal(404, 'NoSuchKey', 'The specified key does not exist.');
    if (request.method === 'DELETE') return remove(objects, key, object);
    return { status: 200, headers: tellingHeaders(object, request), body: object.body };
  };
  const server = createServer((request, response) => {
    void answer(request).then(
      (given) => send(request, response, given, requests),
      (error: unknown) => send(request, response, refusal(500, 'InternalError', String(error)), requests),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    credentials: CREDENTIALS,
    bucket: BUCKET,
    objects,
    requests,
    fail: (count) => (failing = count),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

interface Answer {
  status: number;
  headers?: Record<string, string>;
  body?: Buffer | string;
}

function send(request: IncomingMessage, response: ServerResponse, { status, headers = {}, body = '' }: Answer, requests: string[]): void {
  requests.push(`${request.method} ${decodeURIComponent(request.url ?? '').replace(/\?.*/, '').slice(BUCKET.length + 2)} ${status}`);
  response.writeHead(status, { ...(typeof body === 'string' && body !== '' ? { 'content-type': 'application/xml' } : {}), 'content-length': Buffer.byteLength(body), ...headers });
  response.end(request.method === 'HEAD' ? undefined : body);
}

function refusal(status: number, code: string, message: string): Answer {
  return { status, body: `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message></Error>` };
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

const header = (request: IncomingMessage, name: string): string => String(request.headers[name] ?? '');
const sha256 = (content: string | Buffer, encoding: 'hex' | 'base64' = 'hex'): string => createHash('sha256').update(content).digest(encoding);
const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();

/** The code of the refusal; null when the request is signed with the right key, exactly as it arrived. */
function signatureProblem(request: IncomingMessage, url: URL, body: Buffer): string | null {
  const [, id, date, region, names, signature] = /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/.exec(header(request, 'authorization')) ?? [];
  if (id === undefined || date === undefined || names === undefined || signature === undefined) return 'AccessDenied';
  if (id !== CREDENTIALS.accessKeyId) return 'InvalidAccessKeyId';
  if (region !== REGION) return 'AuthorizationHeaderMalformed';
  const time = header(request, 'x-amz-date');
  const at = Date.parse(time.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
  if (!time.startsWith(date) || !(Math.abs(Date.now() - at) < SKEW_MS)) return 'RequestTimeTooSkewed';
  const signed = names.split(';');
  const needed = ['host', ...Object.keys(request.headers).filter((name) => name.startsWith('x-amz-'))];
  if (needed.some((name) => !signed.includes(name))) return 'AccessDenied';
  // Not what is not signed at all: on a line that is not encrypted anybody could change it.
  const digest = header(request, 'x-amz-content-sha256');
  if (digest !== sha256(body)) return 'XAmzContentSHA256Mismatch';

  const query = [...url.searchParams].map(([name, value]) => `${encode(name)}=${encode(value)}`).sort().join('&');
  const headers = signed.map((name) => `${name}:${header(request, name).trim().replace(/ +/g, ' ')}\n`).join('');
  const canonical = [request.method, url.pathname.split('/').map((part) => encode(decodeURIComponent(part))).join('/'), query, headers, names, digest].join('\n');
  const scope = `${date}/${region}/s3/aws4_request`;
  const key = ['aws4_request', 's3', region, date].reduceRight<Buffer>((secret, part) => hmac(secret, part), Buffer.from(`AWS4${CREDENTIALS.secretAccessKey}`));
  const expected = hmac(key, ['AWS4-HMAC-SHA256', time, scope, sha256(canonical)].join('\n'));
  return timingSafeEqual(expected, Buffer.from(signature, 'hex')) ? null : 'SignatureDoesNotMatch';
}

/** As the specification of the signature writes it: what is not unreserved, in upper case. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}

const KEPT = /^(x-amz-(meta-|checksum-|object-lock-)|content-type$)/;

function put(objects: Map<string, StoredObject>, key: string, request: IncomingMessage, body: Buffer, locks: boolean): Answer {
  const condition = header(request, 'if-none-match');
  if (condition !== '' && condition !== '*') return refusal(501, 'NotImplemented', 'A header you provided implies functionality that is not implemented.');
  if (condition === '*' && objects.has(key)) return refusal(412, 'PreconditionFailed', 'At least one of the pre-conditions you specified did not hold.');
  const checksum = header(request, 'x-amz-checksum-sha256');
  if (checksum !== '' && checksum !== sha256(body, 'base64')) return refusal(400, 'BadDigest', 'The SHA256 you specified did not match the calculated checksum.');
  const [mode, until] = [header(request, 'x-amz-object-lock-mode'), header(request, 'x-amz-object-lock-retain-until-date')];
  if ((mode === '') !== (until === '')) return refusal(400, 'InvalidArgument', 'x-amz-object-lock-retain-until-date and x-amz-object-lock-mode must both be supplied.');
  if (mode !== '') {
    if (!locks) return refusal(400, 'InvalidRequest', 'Bucket is missing Object Lock Configuration.');
    if (checksum === '') return refusal(400, 'InvalidRequest', 'Content-MD5 OR x-amz-checksum- HTTP header is required for Put Object requests with Object Lock parameters.');
    if (!['COMPLIANCE', 'GOVERNANCE'].includes(mode) || !(Date.parse(until) > Date.now())) return refusal(400, 'InvalidArgument', 'The retain until date must be in the future!');
  }
  const headers = Object.fromEntries(Object.entries(request.headers).filter(([name]) => KEPT.test(name)).map(([name, value]) => [name, String(value)]));
  objects.set(key, { body, headers });
  return { status: 200, headers: { etag: `"${createHash('md5').update(body).digest('hex')}"` } };
}

function remove(objects: Map<string, StoredObject>, key: string, { headers }: StoredObject): Answer {
  if (Date.parse(headers['x-amz-object-lock-retain-until-date'] ?? '') > Date.now()) return refusal(403, 'AccessDenied', 'Access Denied because object protected by object lock.');
  objects.delete(key);
  return { status: 204 };
}

/** Checksums are told only to those who ask for them. */
function tellingHeaders({ headers }: StoredObject, request: IncomingMessage): Record<string, string> {
  const asks = header(request, 'x-amz-checksum-mode') === 'ENABLED';
  return Object.fromEntries(Object.entries(headers).filter(([name]) => asks || !name.startsWith('x-amz-checksum-')));
}

function list(objects: ReadonlyMap<string, StoredObject>, query: URLSearchParams, pageSize: number): Answer {
  const [prefix, behind] = [query.get('prefix') ?? '', query.get('continuation-token') ?? query.get('start-after') ?? ''];
  const keys = [...objects.keys()].filter((key) => key.startsWith(prefix) && key > behind).sort();
  const page = keys.slice(0, pageSize);
  const more = keys.length > page.length;
  const contents = page.map((key) => `<Contents><Key>${key.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</Key><Size>${objects.get(key)?.body.length ?? 0}</Size></Contents>`).join('');
  const next = more ? `<NextContinuationToken>${page.at(-1)}</NextContinuationToken>` : '';
  return {
    status: 200,
    body: `<?xml version="1.0" encoding="UTF-8"?>\n<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>${BUCKET}</Name><Prefix>${prefix}</Prefix><KeyCount>${page.length}</KeyCount><MaxKeys>${pageSize}</MaxKeys><IsTruncated>${more}</IsTruncated>${next}${contents}</ListBucketResult>`,
  };
}
