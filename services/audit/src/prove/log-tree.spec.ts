import { EMPTY_EDGE, leafHash, openFrontier, rootOf } from '@granary/transparency';
import { aRow } from '../../test/row';
import { growTree, leafRow, type LogTree } from './log-tree';

const EMPTY: LogTree = { edge: EMPTY_EDGE, epoch: 0, sequence: 0 };
const rows = (...sequences: number[]) => sequences.map((sequence) => leafRow(1, aRow({ sequence })));

function rootOfLines(...lines: string[]): Buffer {
  const frontier = openFrontier();
  for (const line of lines) frontier.append(leafHash(line));
  return frontier.root();
}

const line = (sequence: number, epoch = 1) =>
  `{"epoch":${epoch},"sequence":${sequence},"storedAt":"2026-03-02T09:00:00.000Z","tenant":"default","type":"harvest.completed.v1","key":"key","eventId":"event-${sequence}","body":"{}"}`;

it('has a leaf for each row, and one for each hole before the row behind it', () => {
  const { tree, begins } = growTree(EMPTY, 1, rows(1, 5, 6), [{ first: 2, last: 4 }]);
  expect(rootOf(tree.edge)).toEqual(rootOfLines(line(1), '{"epoch":1,"hole":{"first":2,"last":4}}', line(5), line(6)));
  expect(tree).toMatchObject({ epoch: 1, sequence: 6, edge: { size: 4 } });
  expect(begins).toEqual({ epoch: 1, firstLeaf: 0, firstSequence: 1 });
});

it('goes on where it ended, and notes where an epoch begins', () => {
  const before = growTree(EMPTY, 1, rows(1, 2), []).tree;
  const { tree, begins } = growTree(before, 1, rows(3), []);
  expect(begins).toBeNull();
  const next = growTree(tree, 2, [leafRow(2, aRow({ sequence: 8 }))], [{ first: 1, last: 7 }]);
  expect(next.begins).toEqual({ epoch: 2, firstLeaf: 3, firstSequence: 1 });
  expect(rootOf(next.tree.edge)).toEqual(rootOfLines(line(1), line(2), line(3), '{"epoch":2,"hole":{"first":1,"last":7}}', line(8, 2)));
});

it('passes over rows that it has, with the holes before them', () => {
  const { tree } = growTree(EMPTY, 1, rows(1, 5), [{ first: 2, last: 4 }]);
  expect(growTree(tree, 1, rows(1, 5), [{ first: 2, last: 4 }])).toEqual({ tree, tiles: [], begins: null });
  expect(growTree(tree, 1, rows(5, 6), [{ first: 2, last: 4 }]).tree).toMatchObject({ sequence: 6, edge: { size: 4 } });
});

it('gives the tiles that have grown', () => {
  const many = rows(...Array.from({ length: 300 }, (_, index) => index + 1));
  const { tiles } = growTree(growTree(EMPTY, 1, many.slice(0, 100), []).tree, 1, many, []);
  expect(tiles.map(({ level, index, hashes }) => [level, index, hashes.length / 32])).toEqual([[0, 0, 256], [0, 1, 44], [1, 0, 1]]);
});
