import type { ArtifactReadResponse, ArtifactRef } from '@granary/contracts';
import { Fault } from '@granary/faults';
import type { RpcClient } from '@granary/messaging';
import type { Artifact } from '../artifact/artifact';

export interface FetchContext { tenant: string; correlationId: string; signal: AbortSignal }

/** Fetches a fact pack from the harvester, still compressed; its digest is verified where it is unpacked. */
export type FetchFacts = (ref: ArtifactRef, context: FetchContext) => Promise<Artifact>;

/**
 * Reads artifacts of the harvester piece by piece. Faults: those of the call; permanent `facts-too-large` above the
 * limit, in bytes; permanent `artifact-damaged` when the pieces do not fit together.
 */
export const factsClient = (rpc: RpcClient, maxBytes: number): FetchFacts => async (ref, { tenant, correlationId, signal }) => {
  if (ref.bytes > maxBytes) throw Fault.permanent('facts-too-large', `the fact pack has ${ref.bytes} bytes, more than the ${maxBytes} allowed; raise GRANARY_MAX_FACTS and redrive the event with \`granary held redrive\``);
  const pieces: Buffer[] = [];
  let read = 0;
  for (let size = Infinity; read < size; ) {
    signal.throwIfAborted();
    const answer = await rpc.call('harvester.artifact.read', { digest: ref.digest, offset: read }, { tenant, correlationId });
    const piece = Buffer.from(answer.chunk, 'base64');
    refuseMisfit(ref, answer, read, piece.length);
    pieces.push(piece);
    size = answer.storedBytes;
    read += piece.length;
  }
  return { ...ref, body: Buffer.concat(pieces) };
};

function refuseMisfit(ref: ArtifactRef, answer: ArtifactReadResponse, offset: number, length: number): void {
  const fits = answer.digest === ref.digest && answer.bytes === ref.bytes && answer.offset === offset;
  const ends = offset + length <= answer.storedBytes && (length > 0 || answer.storedBytes === 0);
  if (!fits || !ends) throw Fault.permanent('artifact-damaged', `the harvester's answer at offset ${offset} does not belong to ${ref.digest} of ${ref.bytes} bytes; harvest the repository again`);
}
