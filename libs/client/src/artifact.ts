import { createHash } from 'node:crypto';
import { zstdDecompressSync } from 'node:zlib';
import type { ArtifactReadResponse, ArtifactRef } from '@granary/contracts';
import { Fault } from '@granary/faults';

/**
 * The stored (compressed) bytes that one answer holds, checked against the question. Faults: permanent `artifact-damaged` when the
 * answer belongs to another artifact or offset, or would never end.
 */
export function chunkBytes(ref: ArtifactRef, offset: number, chunk: ArtifactReadResponse): Buffer {
  const bytes = Buffer.from(chunk.chunk, 'base64');
  if (chunk.digest !== ref.digest) throw damaged(ref, `its owner answered with ${chunk.digest}`);
  if (chunk.bytes !== ref.bytes) throw damaged(ref, `${ref.bytes} bytes were announced, its owner has ${chunk.bytes}`);
  if (chunk.offset !== offset) throw damaged(ref, `the bytes from ${offset} on were asked for, those from ${chunk.offset} on came`);
  if (bytes.length === 0 && offset < chunk.storedBytes) throw damaged(ref, `the answer at offset ${offset} of ${chunk.storedBytes} is empty`);
  if (offset + bytes.length > chunk.storedBytes) throw damaged(ref, `more than the ${chunk.storedBytes} stored bytes came`);
  return bytes;
}

/** The content of an artifact from its stored bytes. Faults: permanent `artifact-damaged` when length or digest differ. */
export function decodeArtifact(ref: ArtifactRef, stored: Buffer): Buffer {
  const content = decompress(ref, stored);
  if (content.length !== ref.bytes) throw damaged(ref, `it holds ${content.length} bytes instead of ${ref.bytes}`);
  const digest = `sha256:${createHash('sha256').update(content).digest('hex')}`;
  if (digest !== ref.digest) throw damaged(ref, `its content has the digest ${digest}`);
  return content;
}

// The announced size bounds the output, so that a small file cannot unpack into all of our memory.
function decompress(ref: ArtifactRef, stored: Buffer): Buffer {
  try {
    return zstdDecompressSync(stored, { maxOutputLength: Math.max(1, ref.bytes) });
  } catch (cause) {
    throw damaged(ref, 'it cannot be decompressed to the announced size', cause);
  }
}

function damaged(ref: ArtifactRef, why: string, cause?: unknown): Fault {
  return Fault.permanent('artifact-damaged', `Artifact ${ref.digest} is damaged: ${why}.`, cause === undefined ? {} : { cause });
}
