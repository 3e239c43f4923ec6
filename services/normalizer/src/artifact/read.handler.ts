import type { ArtifactReadRequest, ArtifactReadResponse } from '@granary/contracts';
import { Fault } from '@granary/faults';
import type { RpcContext } from '@granary/messaging';
import type { ArtifactStore } from '../store/artifact.store';

/** Stored bytes in one answer: as base64 well below what one message carries. */
const PIECE_BYTES = 512 * 1_024;

/** Serves graphs and lists of differences piece by piece, as they are stored. */
export const readArtifactHandler = ({ artifacts }: { artifacts: ArtifactStore }) => async ({ digest, offset }: ArtifactReadRequest, { tenant, repositories }: RpcContext): Promise<ArtifactReadResponse> => {
  const found = await artifacts.readPiece(tenant, repositories, digest, offset, PIECE_BYTES);
  if (found === null) throw Fault.permanent('not-found', `the normalizer has no artifact ${digest}; \`granary graph show\` names the newest graph of a repository`);
  return { digest, offset, bytes: found.bytes, storedBytes: found.storedBytes, encoding: 'zstd', chunk: found.piece.toString('base64') };
};
