import { requireRepository } from '../repos/find-repository.client';
import type { CommandSpec } from '../shell/command';
import { parseInteger, parseOneOf } from '../shell/input';
import { collectPages } from '../shell/pages';
import { printable } from '../shell/style';
import { JOB_STATES, renderJob, renderJobs } from './jobs';

export const jobsList: CommandSpec = {
  name: 'jobs list',
  summary: 'list harvest jobs, newest first',
  options: [
    { flags: '--repository <repo>', describe: 'only of this repository (name, id or location)' },
    { flags: '--state <state>', describe: `only in this state: ${JOB_STATES.join(', ')}` },
    { flags: '--limit <count>', describe: 'how many at most (default: 50)' },
  ],
  examples: ['jobs list', 'jobs list --state failed', 'jobs list --repository undici --limit 5 --json'],
  async run(call) {
    const { client, input, shell, style, note } = call;
    const [repo, state] = [input.text('repository'), input.text('state')];
    const filter = {
      ...(repo === undefined ? {} : { repository: (await requireRepository(call, repo)).repositoryId }),
      ...(state === undefined ? {} : { state: parseOneOf(state, JOB_STATES) }),
    };
    const limit = parseInteger(input.text('limit') ?? '50', { min: 1 });
    const rpc = await client();
    const { items, more } = await collectPages(limit, async (pageLimit, cursor) => {
      const page = await rpc.call('harvester.job.list', { ...filter, limit: pageLimit, ...cursor });
      return { items: page.jobs, next: page.next };
    });
    if (more) note(`There are more than ${limit} jobs; see more with --limit.`);
    return { data: { jobs: items, more }, text: renderJobs(items, shell.now(), style) };
  },
};

export const jobsShow: CommandSpec = {
  name: 'jobs show',
  args: '<job>',
  summary: 'show one job with its stages, counts and error',
  details: 'Exit code 7 for a job whose commit the secrets gate withheld.',
  examples: ['jobs show 01976c2e-8b10-7a21-8c3d-4e5f60718293'],
  async run({ client, input, shell, style }) {
    const { job } = await (await client()).call('harvester.job.show', { jobId: input.arg('job') });
    return { data: { job }, text: renderJob(job, shell.now(), style), outcome: job.state === 'blocked' ? 'findings' : 'ok' };
  },
};

export const jobsCancel: CommandSpec = {
  name: 'jobs cancel',
  args: '<job>',
  summary: 'cancel a job that has not ended yet',
  examples: ['jobs cancel 01976c2e-8b10-7a21-8c3d-4e5f60718293'],
  async run({ client, input }) {
    const { job } = await (await client()).call('harvester.job.cancel', { jobId: input.arg('job') });
    const text = job.state === 'cancelled' ? `Cancelled the harvest of ${printable(job.name)}.` : `The harvest of ${printable(job.name)} is ${job.state}; the cancellation is noted.`;
    return { data: { job }, text };
  },
};
