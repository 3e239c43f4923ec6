import { MAX_CHANGES, publicationOf } from './changes';
import type { Change } from './compare';

const at = { repositoryId: '01976c2e-8a00-7b3c-9d4e-5f60718293a4', commit: 'a'.repeat(40) };
const between = { from: 'sha256:1', to: 'sha256:2' };
const added = (count: number): Change[] => Array.from({ length: count }, (_, index) => ({ type: 'module.added.v1', data: { ...at, path: `m${index}.ts`, language: 'typescript' } }));
const cycle = (modules: string[]): Change => ({ type: 'cycle.appeared.v1', data: { ...at, modules } });

it.each([
  { says: 'none', changes: [], as: 'events' },
  { says: 'as many as are announced one by one', changes: added(MAX_CHANGES), as: 'events' },
  { says: 'one more', changes: added(MAX_CHANGES + 1), as: 'artifact' },
  { says: 'a list that is as long as the contract allows', changes: [cycle(Array.from({ length: 1_000 }, (_, index) => `m${index}`))], as: 'events' },
  { says: 'a list that is longer', changes: [cycle(Array.from({ length: 1_001 }, (_, index) => `m${index}`))], as: 'artifact' },
  { says: 'more bytes than an event may have', changes: [cycle(Array.from({ length: 900 }, (_, index) => `${'long/'.repeat(20)}${index}`))], as: 'artifact' },
])('$says: as $as', ({ changes, as }) => {
  expect(publicationOf(changes, between).as).toBe(as);
});

it('puts all of them into the artifact, with the graphs between which they lie', () => {
  const changes = added(MAX_CHANGES + 1);
  const publication = publicationOf(changes, between);
  if (publication.as !== 'artifact') throw new Error('expected an artifact');
  expect(publication.count).toBe(MAX_CHANGES + 1);
  expect(JSON.parse(Buffer.from(publication.bytes).toString('utf8'))).toEqual({ version: 1, ...between, changes });
});
