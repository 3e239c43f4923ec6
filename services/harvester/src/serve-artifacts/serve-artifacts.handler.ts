import type { ArtifactReadRequest, ArtifactReadResponse } from '@granary/contracts';
import { Fault } from '@granary/faults';
import type { Lookups, RpcContext } from '@granary/messaging';
import type { ArtifactStore } from '../store/artifact.store';

/** As base64 it still fits into a message of 1 MiB. */
const CHUNK = 512 * 1024;

/** Answers a piece of an artifact in its stored form; an empty piece at the end. */
export const readArtifact = ({ artifacts, lookups }: { artifacts: ArtifactStore; lookups: Pick<Lookups, 'count'> }) => async ({ digest, offset }: ArtifactReadRequest, { tenant, repositories }: RpcContext): Promise<ArtifactReadResponse> => {
  const found = await artifacts.readPiece(tenant, repositories, digest, offset, CHUNK);
  if (offset === 0) lookups.count(tenant, 'artifact', found ? { hits: 1 } : { misses: 1 });
  if (!found) throw Fault.permanent('artifact-not-found', `the harvester has no artifact ${digest}: its repository may have to be harvested again`);
  return { digest, bytes: found.bytes, storedBytes: found.storedBytes, encoding: 'zstd', offset, chunk: found.piece.toString('base64') };
};
