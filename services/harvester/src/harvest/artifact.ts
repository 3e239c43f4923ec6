import { createHash } from 'node:crypto';
import { pipeline } from 'node:stream/promises';
import { createZstdCompress } from 'node:zlib';
import type { ArtifactRef } from '@granary/contracts';

/** Content under its own name: `body` is its zstd form, everything else speaks of it uncompressed. */
export interface Artifact extends ArtifactRef {
  readonly body: Buffer;
}

// Each is a few milliseconds of work here and a turn of another thread.
const CHUNK = 256 * 1024;

/** Puts pieces of text together to an artifact, without ever holding or blocking for the whole text. */
export async function pressArtifact(mediaType: string, pieces: Iterable<string>): Promise<Artifact> {
  const digest = createHash('sha256');
  let bytes = 0;
  const compressed: Buffer[] = [];
  function* content(): Generator<Buffer> {
    for (const chunk of chunks(pieces)) {
      digest.update(chunk);
      bytes += chunk.length;
      yield chunk;
    }
  }
  await pipeline(content, createZstdCompress(), async (output: AsyncIterable<Buffer>) => {
    for await (const chunk of output) compressed.push(chunk);
  });
  return { digest: `sha256:${digest.digest('hex')}`, bytes, mediaType, body: Buffer.concat(compressed) };
}

function* chunks(pieces: Iterable<string>): Generator<Buffer> {
  let held = '';
  for (const piece of pieces) {
    held += piece;
    if (held.length < CHUNK) continue;
    yield Buffer.from(held);
    held = '';
  }
  yield Buffer.from(held);
}

export const refOf = ({ digest, bytes, mediaType }: Artifact): ArtifactRef => ({ digest, bytes, mediaType });
