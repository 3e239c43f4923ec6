import { Fault } from '@granary/faults';
import { formatVkey, leafHash, momentOf, openCheckpoint, parseProof, parseVkey, readLeaf, verifyInclusion, type EventLeaf, type TlogProof } from '@granary/transparency';

/** What a proof has shown. */
export interface Proven {
  leaf: EventLeaf;
  index: number;
  /** The log, and how many leaves it had when the checkpoint was signed. */
  origin: string;
  size: number;
  signedAt: string;
  /** Whose signature it is. */
  key: string;
}

/**
 * Checks that an event is in the log that the checkpoint of the proof was signed for. Nobody is asked.
 * @param line the leaf; the proof may bring it, as what `granary audit show --output` writes does
 * @param keys whose signatures are believed
 * Faults: permanent `proof-wrong`, `leaf-missing`, and those of notes, keys, leaves and proofs that cannot be read.
 */
export function checkProof(text: string, line: string | null, keys: readonly string[]): Proven {
  const read = parseProof(text);
  const leaf = line ?? lineIn(read);
  const { checkpoint, keys: signers } = openCheckpoint(read.checkpoint, keys.map(parseVkey));
  const [key] = signers;
  const claim = { index: read.index, size: checkpoint.size, leafHash: leafHash(leaf), proof: read.proof, root: checkpoint.root };
  if (!verifyInclusion(claim)) throw Fault.permanent('proof-wrong', `This is not leaf ${read.index} of the ${checkpoint.size} that ${checkpoint.origin} signed: the event, its place or the proof was changed.`);
  const event = readLeaf(leaf);
  if ('hole' in event || key === undefined) throw Fault.permanent('proof-wrong', 'This proves that events were lost there, and not an event.');
  return { leaf: event, index: read.index, origin: checkpoint.origin, size: checkpoint.size, signedAt: momentOf(checkpoint).time.toISOString(), key: formatVkey(key) };
}

function lineIn({ extra }: TlogProof): string {
  if (extra === undefined) throw Fault.permanent('leaf-missing', 'The file proves the hash of an event and does not bring the event; `granary audit show <event> --output <file>` writes both.');
  return extra.toString('utf8');
}
