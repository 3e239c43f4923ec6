export { EMPTY_ROOT, HASH_BYTES, leafHash, nodeHash } from './hash';
export { leafLine, readLeaf } from './leaf';
export type { EventLeaf, HoleLeaf, Leaf } from './leaf';

export { EMPTY_EDGE, appendLeaves, edgeTiles, openEdge, rootOf } from './edge';
export type { TreeEdge } from './edge';
export { frontierRanges, openFrontier } from './frontier';
export type { Frontier } from './frontier';
export { TILE_BYTES, TILE_HASHES } from './tile';
export type { ReadTile, Tile, TileAddress } from './tile';

export { consistencyRanges, inclusionRanges, proofOf } from './prove';
export { hashOfRange, tilesOf } from './range';
export type { LeafRange } from './range';
export { verifyConsistency, verifyInclusion } from './verify';
export type { ConsistencyClaim, InclusionClaim } from './verify';
export { formatProof, parseProof } from './proof-text';
export type { TlogProof } from './proof-text';

export { checkpointText, momentLines, momentOf, openCheckpoint, parseCheckpoint, signCheckpoint } from './checkpoint';
export type { Checkpoint, LogMoment } from './checkpoint';
export { SEED_BYTES, openNote, openNoteSigner, signNote } from './note';
export type { NoteSigner, OpenedNote } from './note';
export { formatVkey, noteKey, parseVkey } from './note-key';
export type { NoteKey } from './note-key';
