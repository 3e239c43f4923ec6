import { scan } from '@granary/extract';
import type { ScannedFile } from '@granary/extract';
import type { Change } from '@granary/git';
import { canBeAsked, follow, isPlain, withoutDoubles } from './snapshot';

const blob = (letter: string): string => letter.repeat(40);
const file = (path: string, letter = 'a', entry: { utf8?: boolean; type?: 'file' | 'symlink' } = {}): ScannedFile => scan({ path, utf8: entry.utf8 ?? true, type: entry.type ?? 'file', blob: blob(letter), bytes: 1 }, 'r');
const change = (status: Change['status'], path: string, before: string | null, after: string | null): Change => ({ path, status, before: before && blob(before), after: after && blob(after) });
const paths = (files: readonly ScannedFile[] | null): string[] | null => files && files.map(({ path, blob: id }) => `${path} ${id[0]}`);

const before = [file('a.ts'), file('b/c.ts'), file('b/d.ts'), file('e.ts')];

it.each<[string, Change[], ScannedFile[], string[] | null]>([
  ['nothing', [], [], ['a.ts a', 'b/c.ts a', 'b/d.ts a', 'e.ts a']],
  ['other content', [change('modified', 'b/c.ts', 'a', 'b')], [file('b/c.ts', 'b')], ['a.ts a', 'b/c.ts b', 'b/d.ts a', 'e.ts a']],
  ['removed files', [change('removed', 'a.ts', 'a', null), change('removed', 'e.ts', 'a', null)], [], ['b/c.ts a', 'b/d.ts a']],
  ['added ones, first, last and in between', ['0', 'b/cc', 'z'].map((path) => change('added', path, null, 'n')), [file('z', 'n'), file('0', 'n'), file('b/cc', 'n')], ['0 n', 'a.ts a', 'b/c.ts a', 'b/cc n', 'b/d.ts a', 'e.ts a', 'z n']],
  ['a file that becomes a folder', [change('removed', 'e.ts', 'a', null), change('added', 'e.ts/f', null, 'f')], [file('e.ts/f', 'f')], ['a.ts a', 'b/c.ts a', 'b/d.ts a', 'e.ts/f f']],
  ['a path that is there already and is said to be new', [change('added', 'a.ts', null, 'b')], [file('a.ts', 'b')], null],
  ['a path that is not there and is said to be gone', [change('removed', 'x', 'a', null)], [], null],
  ['content that was another before', [change('modified', 'a.ts', 'x', 'b')], [file('a.ts', 'b')], null],
  ['a path that nobody can find', [change('modified', 'a.ts', 'a', 'b')], [], null],
  ['a path that nobody asked for', [], [file('b', 'b')], null],
])('follows %s', (_, changes, present, expected) => {
  expect(paths(follow(before, changes, present))).toEqual(expected);
});

it('keeps the files that stay, and puts new ones where git has them', () => {
  // U+FFFD comes after U+1F600 in UTF-16, and before it in UTF-8.
  const names = ['\ufffd', '\u{1f600}'];
  const followed = follow(before, names.map((path) => change('added', path, null, 'n')), names.map((path) => file(path, 'n')));
  expect(paths(followed)?.slice(-2)).toEqual(['\ufffd n', '\u{1f600} n']);
  expect(followed?.[0]).toBe(before[0]);
});

it('asks for paths that are few, plain and told once', () => {
  const limits = { paths: 2, length: 10 };
  const asked = (...names: string[]): boolean => canBeAsked(names.map((name) => change('modified', name, 'a', 'b')), limits);
  expect([asked(), asked('a', 'b'), asked('a', 'b', 'c'), asked('a\\x5c'), asked('abcdef', 'ghijkl'), asked('a', 'a')]).toEqual([true, true, false, false, false, false]);
});

it('knows when paths are not what git has for them', () => {
  expect([isPlain(before), isPlain([...before, file('\\xe4', 'b', { utf8: false })]), isPlain([file(`${'x'.repeat(5000)}.ts`)])]).toEqual([true, false, false]);
  expect(withoutDoubles(before)).toBe(before);
  expect(paths(withoutDoubles([file('a', 'b'), file('a', 'c'), file('b')]))).toEqual(['a b', 'b a']);
});
