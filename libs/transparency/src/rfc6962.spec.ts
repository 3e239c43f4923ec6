// Values that implementations of Certificate Transparency agree on (the examples of RFC 6962's reference code).
import { appendLeaves, edgeTiles, EMPTY_EDGE, openEdge, rootOf, type TreeEdge } from './edge';
import { frontierRanges, openFrontier } from './frontier';
import { EMPTY_ROOT, leafHash, nodeHash } from './hash';
import { consistencyRanges, inclusionRanges, proofOf } from './prove';
import { hashOfRange, tilesOf } from './range';
import type { ReadTile } from './tile';
import { verifyConsistency, verifyInclusion } from './verify';

const hex = (text: string) => Buffer.from(text, 'hex');
const LEAVES = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'].map((leaf) => leafHash(hex(leaf)));
const ROOTS = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];

/** A tree with its tiles, as a table would keep them. */
function grow(leaves: readonly Buffer[], steps: readonly number[]): { edge: TreeEdge; read: ReadTile } {
  const tiles = new Map<string, Buffer>();
  let edge = EMPTY_EDGE;
  for (const step of steps) {
    const grown = appendLeaves(edge, leaves.slice(edge.size, edge.size + step));
    edge = grown.edge;
    for (const { level, index, hashes } of grown.tiles) tiles.set(`${level}/${index}`, hashes);
  }
  return { edge, read: (level, index) => tiles.get(`${level}/${index}`) ?? null };
}

/** The root as RFC 6962 defines it, from above. */
function rootByDefinition(leaves: readonly Buffer[]): Buffer {
  if (leaves.length < 2) return leaves[0] ?? EMPTY_ROOT;
  const middle = 2 ** Math.floor(Math.log2(leaves.length - 1));
  return nodeHash(rootByDefinition(leaves.slice(0, middle)), rootByDefinition(leaves.slice(middle)));
}

const tree = grow(LEAVES, [8]);
const proof = (ranges: ReturnType<typeof inclusionRanges>) => proofOf(ranges, tree.read).map((hash) => hash.toString('hex'));

it.each(ROOTS.map((root, size) => ({ size, root })))('gives the root of $size leaves', ({ size, root }) => {
  expect(rootOf(grow(LEAVES.slice(0, size), [size]).edge).toString('hex')).toBe(root);
  const frontier = openFrontier();
  for (const leaf of LEAVES.slice(0, size)) frontier.append(leaf);
  expect(frontier.root().toString('hex')).toBe(root);
});

it.each([
  { index: 0, size: 1, hashes: [] },
  { index: 0, size: 8, hashes: ['96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7', '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e', '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4'] },
  { index: 5, size: 8, hashes: ['bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b', 'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0', 'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7'] },
  { index: 2, size: 3, hashes: ['fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125'] },
  { index: 1, size: 5, hashes: ['6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d', '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e', 'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b'] },
])('proves leaf $index to be in a tree of $size', ({ index, size, hashes }) => {
  expect(proof(inclusionRanges(index, size))).toEqual(hashes);
  expect(verifyInclusion({ index, size, leafHash: LEAVES[index] as Buffer, proof: hashes.map(hex), root: hex(ROOTS[size] as string) })).toBe(true);
});

it.each([
  { first: 1, second: 1, hashes: [] },
  { first: 1, second: 8, hashes: ['96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7', '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e', '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4'] },
  { first: 6, second: 8, hashes: ['0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a', 'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0', 'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7'] },
  { first: 2, second: 5, hashes: ['5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e', 'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b'] },
])('proves a tree of $first to be the beginning of one of $second', ({ first, second, hashes }) => {
  expect(proof(consistencyRanges(first, second))).toEqual(hashes);
  expect(verifyConsistency({ first, firstRoot: hex(ROOTS[first] as string), second, secondRoot: hex(ROOTS[second] as string), proof: hashes.map(hex) })).toBe(true);
});

describe('a tree of several levels', () => {
  const SIZE = 256 * 256 + 513;
  const leaves = Array.from({ length: SIZE }, (_, index) => leafHash(`leaf ${index}`));
  // Cut where tiles are full, one short of it, one over, and several at once.
  const large = grow(leaves, [1, 254, 1, 1, 256, 2_000, 256 * 250, SIZE]);
  const root = rootOf(large.edge);

  it('has the same root however it grew, and from what its tiles keep', () => {
    expect(root).toEqual(rootByDefinition(leaves));
    for (const size of [1, 255, 256, 257, 2_560, 65_536, 65_537]) {
      const edge = openEdge(size, large.read);
      expect(rootOf(edge)).toEqual(rootByDefinition(leaves.slice(0, size)));
      expect(rootOf(appendLeaves(edge, leaves.slice(size)).edge)).toEqual(root);
      expect(edgeTiles(size).every(({ level, index }) => large.read(level, index) !== null)).toBe(true);
    }
  });

  it.each([0, 1, 255, 256, 300, 65_535, 65_536, SIZE - 1])('proves leaf %d out of the tiles that it names, at several sizes', (index) => {
    for (const size of [index + 1, Math.min(SIZE, index + 257), SIZE]) {
      const ranges = inclusionRanges(index, size);
      const named = new Set(tilesOf(ranges).map((tile) => `${tile.level}/${tile.index}`));
      const hashes = proofOf(ranges, (level, at) => (named.has(`${level}/${at}`) ? large.read(level, at) : null));
      const claim = { index, size, leafHash: leaves[index] as Buffer, proof: hashes, root: rootOf(openEdge(size, large.read)) };
      expect(verifyInclusion(claim)).toBe(true);
      expect(verifyInclusion({ ...claim, leafHash: leafHash('another') })).toBe(false);
      expect(verifyInclusion({ ...claim, proof: [...hashes, root] })).toBe(false);
    }
  });

  it.each([1, 255, 256, 257, 4_096, 65_536, 65_537, SIZE])('proves its beginning of %d leaves', (first) => {
    const proven = { first, firstRoot: rootOf(openEdge(first, large.read)), second: SIZE, secondRoot: root, proof: proofOf(consistencyRanges(first, SIZE), large.read) };
    expect(verifyConsistency(proven)).toBe(true);
    expect(verifyConsistency({ ...proven, firstRoot: leafHash('another') })).toBe(false);
  });

  it('goes on behind a place of which only the complete subtrees are kept', () => {
    const hashes = frontierRanges(65_792).map((range) => hashOfRange(range, large.read));
    const frontier = openFrontier(65_792, hashes);
    expect(frontier.root()).toEqual(rootByDefinition(leaves.slice(0, 65_792)));
    for (const leaf of leaves.slice(65_792)) frontier.append(leaf);
    expect(frontier.root()).toEqual(root);
    expect(frontier.size()).toBe(SIZE);
    expect(frontier.hashes()).toEqual(frontierRanges(SIZE).map((range) => hashOfRange(range, large.read)));
  });

  it('proves what is kept when the hashes of older leaves are gone', () => {
    const kept: ReadTile = (level, index) => (level === 0 && index < 10 ? null : large.read(level, index));
    const hashes = proofOf(inclusionRanges(2_560, SIZE), kept);
    expect(verifyInclusion({ index: 2_560, size: SIZE, leafHash: leaves[2_560] as Buffer, proof: hashes, root })).toBe(true);
    expect(() => proofOf(inclusionRanges(2_559, SIZE), kept)).toThrow('the tree has no hashes 254 to 254 in tile 9 of level 0');
  });
});

it('proves beyond 32 bits', () => {
  const size = 2 ** 40 + 3;
  expect(inclusionRanges(2 ** 40 + 1, size)).toEqual([{ start: 2 ** 40, end: 2 ** 40 + 1 }, { start: 2 ** 40 + 2, end: size }, { start: 0, end: 2 ** 40 }]);
  expect(tilesOf(inclusionRanges(2 ** 40 + 1, size))).toEqual([{ level: 0, index: 2 ** 32 }, { level: 5, index: 0 }]);
  const [leaf, left, right] = ['leaf', 'left', 'right'].map(leafHash) as [Buffer, Buffer, Buffer];
  const root = nodeHash(left, nodeHash(nodeHash(right, leaf), left));
  expect(verifyInclusion({ index: 2 ** 40 + 1, size, leafHash: leaf, proof: [right, left, left], root })).toBe(true);
});

it.each([
  ['a leaf behind the end', () => inclusionRanges(8, 8), 'a tree of 8 leaves has no leaf 8'],
  ['half a leaf', () => inclusionRanges(0.5, 8), 'has no leaf 0.5'],
  ['a size below nothing', () => consistencyRanges(-1, 8), 'cannot be the beginning'],
  ['the larger tree first', () => consistencyRanges(8, 7), 'a tree of 8 leaves cannot be the beginning of one of 7: give the smaller size first'],
  ['an edge of a size that is no number', () => openEdge(Number.NaN, tree.read), 'a tree cannot have NaN leaves'],
  ['more than the tree has', () => proofOf(inclusionRanges(2, 300), tree.read), 'tile 0 of level 0'],
  ['a frontier of another size', () => openFrontier(3, [LEAVES[0] as Buffer]), '1 hashes cannot stand for 3 leaves'],
])('refuses %s', (_what, attempt, why) => {
  expect(attempt).toThrow(why);
});

const INCLUDED = { index: 5, size: 8, leafHash: LEAVES[5] as Buffer, proof: proofOf(inclusionRanges(5, 8), tree.read), root: hex(ROOTS[8] as string) };
it.each([
  ['another place', { index: 4 }],
  ['a place outside', { index: 8 }],
  ['a place that is no number', { index: Number.NaN }],
  ['a larger tree', { size: 9 }],
  ['a tree of one', { index: 0, size: 1 }],
  ['another leaf', { leafHash: LEAVES[4] as Buffer }],
  ['another root', { root: hex(ROOTS[7] as string) }],
  ['a hash less', { proof: INCLUDED.proof.slice(1) }],
  ['hashes in another order', { proof: [...INCLUDED.proof].reverse() }],
  ['no hash', { proof: [] }],
])('does not believe %s', (_what, changes) => {
  expect(verifyInclusion(INCLUDED)).toBe(true);
  expect(verifyInclusion({ ...INCLUDED, ...changes })).toBe(false);
});

const CONSISTENT = { first: 6, firstRoot: hex(ROOTS[6] as string), second: 8, secondRoot: hex(ROOTS[8] as string), proof: proofOf(consistencyRanges(6, 8), tree.read) };
it.each([
  ['another beginning', { firstRoot: hex(ROOTS[5] as string) }],
  ['another end', { secondRoot: hex(ROOTS[7] as string) }],
  ['another size', { first: 5 }],
  ['a smaller end', { second: 5 }],
  ['sizes that are no numbers', { first: 0.5 }],
  ['a hash less', { proof: CONSISTENT.proof.slice(1) }],
  ['a hash more', { proof: [...CONSISTENT.proof, LEAVES[0] as Buffer] }],
  ['no hash', { proof: [] }],
  ['a beginning of nothing with a root', { first: 0, proof: [] }],
  ['two roots of one size', { first: 8, proof: [] }],
])('does not believe %s to be consistent', (_what, changes) => {
  expect(verifyConsistency(CONSISTENT)).toBe(true);
  expect(verifyConsistency({ ...CONSISTENT, ...changes })).toBe(false);
});

it('takes the empty tree for the beginning of every other', () => {
  expect(proof(consistencyRanges(0, 8))).toEqual([]);
  expect(verifyConsistency({ first: 0, firstRoot: EMPTY_ROOT, second: 8, secondRoot: hex(ROOTS[8] as string), proof: [] })).toBe(true);
});
