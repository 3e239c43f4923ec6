import { type Repository, rpcExamples, type RpcOperation } from '@granary/contracts';
import { Fault } from '@granary/faults';
import { json, useExamplePlatform } from '../../test/use-example-platform';

const used = useExamplePlatform();
const [{ repositoryId, name }] = rpcExamples['harvester.repository.list'].response.repositories as [Repository];
const from = '1f7a7a472abf3dd9643fd615f6da379c4acb3e3a';
const to = '9fceb02d0ae598e95dc970b74767f19372d61af8';

it.each<[string, RpcOperation, object, RegExp]>([
  [`graph why ${name} src/a.ts lodash`, 'normalizer.graph.why', { repository: repositoryId, from: 'src/a.ts', to: 'lodash' }, /in 2 steps:\nsrc\/a\.ts\n {2}src\/b\.ts/],
  [`graph impact ${name} ${from}`, 'normalizer.graph.impact', { repository: repositoryId, from }, /1 module changed\n {2}modified {2}src\/b\.ts/],
  [`graph impact ${name} ${from} ${to}`, 'normalizer.graph.impact', { repository: repositoryId, from, to }, /1 entry point affected/],
  ['graph search lodash', 'normalizer.graph.search', { query: 'lodash', limit: 50 }, /\npackage +pkg:npm\/lodash/],
  [`graph search lodash --repository ${name} --kind package --limit 3`, 'normalizer.graph.search', { query: 'lodash', kinds: ['package'], repository: repositoryId, limit: 3 }, /granary/],
  ['graph users lodash', 'normalizer.package.users', { package: 'lodash', limit: 50 }, /\ngranary +4\.17\.21/],
  ['graph users lodash --range <4.17.21 --limit 500', 'normalizer.package.users', { package: 'lodash', range: '<4.17.21', limit: 500 }, /asks for it/],
  ['graph links', 'normalizer.repository.links', {}, /\ngranary +lib +pkg:npm/],
  [`graph links ${name}`, 'normalizer.repository.links', { repository: repositoryId }, /runtime/],
])('%s', async (line, operation, request, text) => {
  expect(await used.run(line)).toMatchObject({ code: 0, stdout: expect.stringMatching(text), stderr: '' });
  expect(used.requests(operation)).toEqual([request]);
  expect(json(await used.run(`${line} --json`))).toEqual(rpcExamples[operation].response);
});

it.each([
  [`graph impact ${name} 1f7a7a4`, "'1f7a7a4' is not the full id of a commit"],
  [`graph impact ${name} ${from} main`, 'git rev-parse main'],
  ['graph search lodash --kind file', "'file' is not allowed here; use one of module, package"],
  ['graph search lodash --limit 501', 'not a whole number from 1 to 500'],
  ['graph users lodash --limit 0', 'not a whole number from 1 to 500'],
])('%s is refused before anything is asked', async (line, message) => {
  expect(await used.run(line)).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(message) });
  expect(used.platform.asked).toEqual([]);
});

it('says when there is more', async () => {
  used.platform.answer('normalizer.graph.search', () => ({ ...rpcExamples['normalizer.graph.search'].response, more: true }));
  used.platform.answer('normalizer.package.users', () => ({ ...rpcExamples['normalizer.package.users'].response, more: true }));
  used.platform.answer('normalizer.repository.links', () => ({ ...rpcExamples['normalizer.repository.links'].response, more: true }));

  expect((await used.run('graph search a')).stderr).toBe('There are more than 50 matches; narrow the search, or see more with --limit.\n');
  expect((await used.run('graph users a --limit 1')).stderr).toBe('There are more than 1 uses; narrow them with --range, or see more with --limit.\n');
  expect((await used.run('graph links')).stderr).toBe('There are more than 1 links; name a repository to see all of its own.\n');
});

it('tells what the service refuses, in its words', async () => {
  used.platform.answer('normalizer.package.users', () => {
    throw Fault.permanent('bad-range', "'new' is not a range of versions");
  });
  used.platform.answer('normalizer.graph.why', () => {
    throw Fault.permanent('not-found', "there is no module 'x'");
  });

  expect(await used.run('graph users lodash --range new')).toMatchObject({ code: 2, stderr: "granary: 'new' is not a range of versions\n" });
  expect(await used.run(`graph why ${name} x y`)).toMatchObject({ code: 4, stderr: "granary: there is no module 'x'\n" });
  expect(await used.run('graph links nobody')).toMatchObject({ code: 4, stderr: expect.stringContaining("no repository 'nobody'") });
});
