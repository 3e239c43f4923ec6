import { requireRepository } from '../repos/find-repository.client';
import type { CommandSpec } from '../shell/command';
import { renderPosture } from './ai';

export const aiShow: CommandSpec = {
  name: 'ai show',
  args: '<repo>',
  summary: 'show how a repository uses AI: providers, calls, models, guards, score, risk and reasons',
  details: 'As of the commit harvested last, and as far as its source says. The score is from 0, unsafe, to 1, safe.',
  examples: ['ai show undici', 'ai show . --json'],
  async run(call) {
    const { repositoryId: repository } = await requireRepository(call, call.input.arg('repo'));
    const shown = await (await call.client()).call('harvester.posture.show', { repository });
    return { data: shown, text: renderPosture(shown, call.style) };
  },
};
