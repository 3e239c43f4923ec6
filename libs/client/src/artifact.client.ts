import type { ArtifactRef } from '@granary/contracts';
import type { RpcClient } from '@granary/messaging';
import { chunkBytes, decodeArtifact } from './artifact';

export type ArtifactOwner = 'harvester' | 'normalizer';

export interface ReadOptions {
  /** Called after each chunk with the stored bytes read so far and in all. */
  onProgress?: (read: number, total: number) => void;
  signal?: AbortSignal;
}

/**
 * The uncompressed content of an artifact, read from its owner chunk by chunk and checked against the digest that
 * names it. Faults: those of the call; permanent `artifact-damaged` when what arrives is not what was announced.
 */
export async function readArtifact(rpc: RpcClient, owner: ArtifactOwner, ref: ArtifactRef, options: ReadOptions = {}): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let offset = 0;
  for (;;) {
    options.signal?.throwIfAborted();
    const answer = await rpc.call(`${owner}.artifact.read`, { digest: ref.digest, offset });
    const bytes = chunkBytes(ref, offset, answer);
    chunks.push(bytes);
    offset += bytes.length;
    options.onProgress?.(offset, answer.storedBytes);
    if (offset >= answer.storedBytes) return decodeArtifact(ref, Buffer.concat(chunks));
  }
}
