import { canonicalJson, normalize } from '@granary/graph';
import { factsOf, type Files } from '../../../../libs/graph/test/facts';
import { openArtifact, sealArtifact } from '../artifact/artifact';
import { produce, type Produced } from './produce';
import { createStates } from './states';

const repositories = ['01976c2e-8a00-7b3c-9d4e-5f60718293a4', '01976c2e-8a00-7b3c-9d4e-5f60718293a5'];
const commits: Files[] = [{ 'a.ts': ['./b'], 'b.ts': [] }, { 'a.ts': ['./b', './c'], 'b.ts': [], 'c.ts': ['./a'] }, { 'a.ts': [], 'c.ts': ['./a'] }];

it('produces the same whether it goes on from a state or begins anew', () => {
  const states = createStates({ count: 2, factBytes: 100_000 });
  const previous = new Map<string, Produced>();
  for (const [place, files] of commits.entries()) {
    for (const repositoryId of repositories) {
      const facts = factsOf(files, { repositoryId, commit: `${place}`.repeat(40) });
      const input = { facts: sealArtifact(Buffer.from(JSON.stringify(facts)), 'application/json'), previous: previous.get(repositoryId)?.graph ?? null, namesKnown: place > 0 };
      const produced = produce(input, states);
      expect(produced).toEqual(produce(input));
      expect(openArtifact(produced.graph).toString('utf8')).toBe(canonicalJson(normalize(facts)));
      previous.set(repositoryId, produced);
    }
  }
});

it('compares with nothing when the graph before is damaged, and knows the same graph by its name', () => {
  const [first, second] = commits.map((files, place) => sealArtifact(Buffer.from(JSON.stringify(factsOf(files, { repositoryId: repositories[0] ?? '', commit: `${place}`.repeat(40) }))), 'application/json'));
  if (first === undefined || second === undefined) throw new Error('two commits');
  const { graph } = produce({ facts: first, previous: null, namesKnown: false });
  const damaged = { ...graph, body: graph.body.map((byte, at) => (at === 20 ? byte ^ 1 : byte)) };
  expect(produce({ facts: second, previous: damaged, namesKnown: true })).toMatchObject({ changes: { as: 'first' }, names: produce({ facts: second, previous: null, namesKnown: false }).names });
  expect(produce({ facts: first, previous: damaged, namesKnown: true })).toMatchObject({ graph, changes: { as: 'events', changes: [] } });
  expect(() => produce({ facts: { ...first, bytes: 1 }, previous: null, namesKnown: false })).toThrow('is damaged');
});
