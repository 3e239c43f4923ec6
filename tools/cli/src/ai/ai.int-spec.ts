import { type Repository, rpcExamples } from '@granary/contracts';
import { Fault } from '@granary/faults';
import { json, useExamplePlatform } from '../../test/use-example-platform';

const used = useExamplePlatform();
const [repository] = rpcExamples['harvester.repository.list'].response.repositories as [Repository];

it('shows how a repository uses AI', async () => {
  expect(await used.run(`ai show ${repository.name}`)).toMatchObject({ code: 0, stdout: expect.stringMatching(/^granary at 9fceb02d0ae5\nscore [^]*src\/answer\.ts:14 +openai/), stderr: '' });
  expect(used.requests('harvester.posture.show')).toEqual([{ repository: repository.repositoryId }]);
  expect(json(await used.run(`ai show ${repository.name} --json`))).toEqual(rpcExamples['harvester.posture.show'].response);
});

it('says what to do about a repository that was not harvested yet, or is not known', async () => {
  used.platform.answer('harvester.posture.show', () => {
    throw Fault.permanent('not-found', "granary was not harvested yet: 'granary jobs list --repository granary' shows how far that is");
  });

  expect(await used.run(`ai show ${repository.name}`)).toMatchObject({ code: 4, stdout: '', stderr: expect.stringContaining('granary jobs list --repository granary') });
  expect(await used.run('ai show nobody')).toMatchObject({ code: 4, stderr: expect.stringContaining('granary repos list') });
});
