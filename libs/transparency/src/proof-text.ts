import { Fault } from '@granary/faults';
import { decodeBase64 } from './base64';
import { HASH_BYTES } from './hash';

/** A proof that a leaf is in a log, with the checkpoint that says so (C2SP tlog-proof): checked without asking anybody. */
export interface TlogProof {
  /** Of the leaf, from 0. */
  index: number;
  proof: readonly Buffer[];
  /** The signed note as it was issued. */
  checkpoint: string;
  /** What an application adds; nobody vouches for it. */
  extra?: Buffer;
}

const HEADER = 'c2sp.org/tlog-proof@v1';
/** A tree has no more levels than that. */
const MOST_HASHES = 64;

/** As the text of a `.tlog-proof` file. */
export function formatProof({ index, proof, checkpoint, extra }: TlogProof): string {
  const head = [HEADER, ...(extra === undefined ? [] : [`extra ${extra.toString('base64')}`]), `index ${index}`];
  return `${[...head, ...proof.map((hash) => hash.toString('base64'))].join('\n')}\n\n${checkpoint}`;
}

/** Faults: `proof-malformed`. */
export function parseProof(text: string): TlogProof {
  const end = text.indexOf('\n\n');
  const [header, ...lines] = end === -1 ? [] : text.slice(0, end).split('\n');
  if (header !== HEADER) throw malformed(`it does not begin with ${HEADER}, or has no checkpoint`);
  const extra = lines[0]?.startsWith('extra ') === true ? decodeBase64(lines.shift()?.slice('extra '.length) ?? '') : undefined;
  if (extra === null) throw malformed('what is behind extra is no base64');
  const index = /^index (0|[1-9]\d*)$/.exec(lines.shift() ?? '')?.[1];
  if (index === undefined || !Number.isSafeInteger(Number(index))) throw malformed('it does not say which leaf it is about');
  if (lines.length > MOST_HASHES) throw malformed(`it has ${lines.length} hashes, more than any tree needs`);
  return { index: Number(index), proof: lines.map(readHash), checkpoint: text.slice(end + 2), ...(extra && { extra }) };
}

function readHash(line: string): Buffer {
  const hash = decodeBase64(line);
  if (hash === null || hash.length !== HASH_BYTES) throw malformed(`'${line.slice(0, 100)}' is no base64 of ${HASH_BYTES} bytes`);
  return hash;
}

function malformed(why: string): Fault {
  return Fault.permanent('proof-malformed', `this is no proof: ${why}`);
}
