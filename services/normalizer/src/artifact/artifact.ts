import { createHash } from 'node:crypto';
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import type { ArtifactRef } from '@granary/contracts';
import { Fault } from '@granary/faults';

/** An artifact as it is stored and sent: compressed with zstd, named by the digest of its uncompressed content. */
export interface Artifact extends ArtifactRef { body: Uint8Array }

/** `sha256:` and the digest of some bytes in hexadecimal. */
export function digestOf(content: Uint8Array): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}

/** Compresses and names some content. */
export function sealArtifact(content: Uint8Array, mediaType: string): Artifact {
  return { digest: digestOf(content), bytes: content.byteLength, mediaType, body: zstdCompressSync(content) };
}

/** The content of an artifact. Faults: permanent `artifact-damaged` when it is not what its name says. */
export function openArtifact(artifact: Artifact): Buffer {
  const content = decompress(artifact);
  if (content.byteLength !== artifact.bytes) throw damaged(artifact, `it holds ${content.byteLength} bytes instead of ${artifact.bytes}`);
  const digest = digestOf(content);
  if (digest !== artifact.digest) throw damaged(artifact, `its content has the digest ${digest}`);
  return content;
}

/** What events and answers say of an artifact. */
export function refOf({ digest, bytes, mediaType }: ArtifactRef): ArtifactRef {
  return { digest, bytes, mediaType };
}

// The announced size bounds the output, so that a small artifact cannot unpack into all of our memory.
function decompress(artifact: Artifact): Buffer {
  try {
    return zstdDecompressSync(artifact.body, { maxOutputLength: Math.max(1, artifact.bytes) });
  } catch (cause) {
    throw damaged(artifact, 'it cannot be decompressed to the announced size', cause);
  }
}

function damaged(artifact: ArtifactRef, why: string, cause?: unknown): Fault {
  return Fault.permanent('artifact-damaged', `artifact ${artifact.digest} is damaged: ${why}; harvest the repository again`, { cause });
}
