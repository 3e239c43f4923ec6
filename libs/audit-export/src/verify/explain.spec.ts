import { leafHash } from '@granary/transparency';
import { explain } from './explain';

const hash = (name: string): Buffer => leafHash(name);
const leaves = Buffer.concat([...'abcdef'].map(hash));

it.each<[string, number, string, object]>([
  ['a record that is another', 2, 'Xdef', { code: 'record-changed', count: 1, isLeaf: null }],
  ['two in a row', 2, 'XYef', { code: 'record-changed', count: 2, isLeaf: null }],
  ['the last one', 5, 'X', { code: 'record-changed', count: 1, isLeaf: null }],
  ['one that is gone', 2, 'def', { code: 'record-missing', count: 1, isLeaf: 3 }],
  ['several that are gone', 1, 'ef', { code: 'record-missing', count: 3, isLeaf: 4 }],
  ['two that changed places', 1, 'cbdef', { code: 'record-reordered', count: 1, isLeaf: 2 }],
  ['one that came later', 1, 'cdefb', { code: 'record-reordered', count: 1, isLeaf: 2 }],
  ['one that was never there', 2, 'Xcdef', { code: 'record-added', count: 1, isLeaf: null }],
  ['some behind the end', 6, 'XY', { code: 'record-added', count: 2, isLeaf: null }],
  ['a tail that is gone', 4, '', { code: 'tail-missing', count: 2, isLeaf: null }],
  ['everything', 0, 'UVWXYZ', { code: 'record-changed', count: 6, isLeaf: null }],
])('explains %s', (_what, at, records, expected) => {
  expect(explain({ at, records: [...records].map(hash), leaves })).toEqual(expected);
});
