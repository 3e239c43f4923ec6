import { repositoryLocation } from '../platform/repository-place.client';
import type { CommandSpec } from '../shell/command';
import { printable } from '../shell/style';
import { allRepositories, requireRepository } from './find-repository.client';
import { renderRepositories } from './repositories';

export const reposList: CommandSpec = {
  name: 'repos list',
  summary: 'list the repositories that Granary watches',
  examples: ['repos list', 'repos list --json'],
  async run(call) {
    const repositories = await allRepositories(call);
    return { data: { repositories }, text: renderRepositories(repositories, call.shell.now(), call.style) };
  },
};

export const reposAdd: CommandSpec = {
  name: 'repos add',
  args: '<repo>',
  summary: 'watch a repository, given by path or git URL, and harvest it',
  details: 'A repository that is watched already stays as it is and is harvested again; credentials in its URL replace those known before.',
  options: [
    { flags: '--name <name>', describe: 'what to call it (default: the last part of its location)' },
    { flags: '--branch <branch>', describe: 'the branch to harvest (default: the one its HEAD names)' },
  ],
  examples: ['repos add .', 'repos add https://github.com/nodejs/undici.git --name undici'],
  async run({ client, input, shell, style }) {
    const location = repositoryLocation(shell, input.arg('repo'));
    const [name, branch] = [input.text('name'), input.text('branch')];
    const added = await (await client()).call('harvester.repository.add', { location, ...(name === undefined ? {} : { name }), ...(branch === undefined ? {} : { branch }) });
    const what = `${style.bold(printable(added.repository.name))} (${added.repository.repositoryId})`;
    const text = added.created ? `Added ${what}; job ${added.jobId} harvests it.` : `${what} is watched already; job ${added.jobId} harvests it again.`;
    return { data: added, text: `${text}\nFollow it with \`granary jobs show ${added.jobId}\`.` };
  },
};

export const reposRemove: CommandSpec = {
  name: 'repos remove',
  args: '<repo>',
  summary: 'stop watching a repository, given by name, id or location',
  details: 'Its graphs and events stay. Adding it again goes on where it stopped.',
  examples: ['repos remove undici'],
  async run(call) {
    const { repositoryId } = await requireRepository(call, call.input.arg('repo'));
    const removed = await (await call.client()).call('harvester.repository.remove', { repository: repositoryId });
    return { data: removed, text: `Granary no longer watches ${printable(removed.repository.name)}.` };
  },
};
