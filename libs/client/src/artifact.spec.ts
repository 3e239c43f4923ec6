import { createHash } from 'node:crypto';
import { zstdCompressSync } from 'node:zlib';
import type { ArtifactReadResponse, ArtifactRef } from '@granary/contracts';
import { chunkBytes, decodeArtifact } from './artifact';

const content = Buffer.from(JSON.stringify({ version: 1, text: 'a graph '.repeat(50) }));
const stored = zstdCompressSync(content);
const ref: ArtifactRef = { digest: digestOf(content), bytes: content.length, mediaType: 'application/json' };

function digestOf(bytes: Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

function chunk(overrides: Partial<ArtifactReadResponse> = {}): ArtifactReadResponse {
  return { digest: ref.digest, bytes: ref.bytes, storedBytes: stored.length, encoding: 'zstd', offset: 0, chunk: stored.toString('base64'), ...overrides };
}

describe('chunkBytes', () => {
  it('hands out the stored bytes of the answer', () => {
    expect(chunkBytes(ref, 0, chunk())).toEqual(stored);
    expect(chunkBytes(ref, 10, chunk({ offset: 10, chunk: stored.subarray(10, 15).toString('base64') }))).toEqual(stored.subarray(10, 15));
  });

  it.each<[string, number, Partial<ArtifactReadResponse>, string]>([
    ['another artifact', 0, { digest: `sha256:${'0'.repeat(64)}` }, 'its owner answered with sha256:000'],
    ['another size', 0, { bytes: 7 }, `${content.length} bytes were announced, its owner has 7`],
    ['another offset', 3, {}, 'the bytes from 3 on were asked for, those from 0 on came'],
    ['nothing before the end', 0, { chunk: '' }, 'is empty'],
    ['more than there is', 0, { storedBytes: 5 }, 'more than the 5 stored bytes came'],
  ])('refuses %s', (_what, offset, overrides, message) => {
    expect(() => chunkBytes(ref, offset, chunk(overrides))).toThrow(expect.objectContaining({ kind: 'permanent', code: 'artifact-damaged', message: expect.stringContaining(message) }));
  });
});

describe('decodeArtifact', () => {
  it('gives back the content', () => {
    expect(decodeArtifact(ref, stored)).toEqual(content);
  });

  it('gives back an empty artifact', () => {
    const empty = Buffer.alloc(0);
    expect(decodeArtifact({ ...ref, bytes: 0, digest: digestOf(empty) }, zstdCompressSync(empty))).toEqual(empty);
  });

  it.each<[string, ArtifactRef, Buffer, string]>([
    ['bytes that are not compressed', ref, Buffer.from('no zstd'), 'cannot be decompressed'],
    ['more content than announced', { ...ref, bytes: 10 }, stored, 'cannot be decompressed to the announced size'],
    ['less content than announced', { ...ref, bytes: content.length + 1 }, stored, `holds ${content.length} bytes instead of`],
    ['another content', { ...ref, digest: digestOf(Buffer.from('else')) }, stored, 'its content has the digest'],
  ])('refuses %s', (_what, named, bytes, message) => {
    expect(() => decodeArtifact(named, bytes)).toThrow(expect.objectContaining({ code: 'artifact-damaged', message: expect.stringContaining(message) }));
  });
});
