import { temporaryFolder } from '@granary/testing';
import { granary, type World } from '../../test/run-granary';

it('lists, adds and removes publishers of a data folder in which nothing runs', async () => {
  const folder = temporaryFolder();
  const run = (line: string, world: Partial<World> = {}) => granary(line.split(' '), { cwd: folder.path, env: { GRANARY_DATA: folder.path }, ...world });
  const listed = async () => (JSON.parse((await run('publishers list --json')).stdout) as { publishers: { tenant: string; name: string; letIn: boolean }[] }).publishers;

  expect(await listed()).toMatchObject([{ tenant: 'default', name: 'publisher', letIn: false, subject: null }]);
  expect(await run('publishers add acme.ci')).toMatchObject({ code: 0, stdout: expect.stringContaining('Listed acme.ci. It gets its password') });
  expect(await run('publishers add acme.ci')).toMatchObject({ code: 0 });
  expect((await run('publishers list')).stdout).toMatch(/default\.publisher +when the platform starts[^]*acme\.ci +when the platform starts/);
  expect(await run('publishers remove default.publisher')).toMatchObject({ code: 0, stdout: 'default.publisher is let in no longer when the platform starts.\n' });
  expect((await listed()).map(({ tenant, name }) => `${tenant}.${name}`)).toEqual(['acme.ci']);
  expect(await run('publishers remove default.publisher')).toMatchObject({ code: 4, stderr: expect.stringContaining('there is no publisher default.publisher') });
  expect(await run('publishers add ci')).toMatchObject({ code: 2, stderr: expect.stringContaining("'ci' is no publisher: it must be <tenant>.<name>") });
  expect(await run('publishers add acme.other', { env: { GRANARY_DATA: folder.path, GRANARY_PUBLISHERS: 'acme.ci' } })).toMatchObject({ code: 1, stderr: expect.stringContaining('by GRANARY_PUBLISHERS') });
  folder.remove();
});
