import { type Client, type Look, poll } from '@granary/client';
import type { ReplayJob } from '@granary/contracts';
import { FILTER_OPTIONS, queryOf, TIME_OPTIONS } from '../events/query';
import type { Answer, Call, CommandSpec } from '../shell/command';
import { parseDuration, parseInteger, parseOneOf } from '../shell/input';
import { collectPages } from '../shell/pages';
import { usageFault } from '../shell/problem';
import { isOver, REPLAY_STATES, renderReplay, renderReplays, replayStep } from './replay';

const JOB = '01976c2e-8b10-7a21-8c3d-4e5f60718293';
const FASTEST = 1_000_000;
/** A dry run of many millions of events takes a minute or two. */
const PLAN_MS = 600_000;

const RATE = { flags: '--rate <events>', describe: 'at most so many events a second (default: as many as the consumer takes)' };

export const replayPlan: CommandSpec = {
  name: 'replay plan',
  args: '<consumer>',
  summary: 'look what a replay of events of the log to a consumer would bring, and plan it; nothing is replayed yet',
  details: 'Counts events and keys, checks the events against the contracts of today, and asks whether the artifacts that they name are still there. Live events go before those of a replay.',
  options: [
    ...FILTER_OPTIONS,
    ...TIME_OPTIONS,
    { flags: '--tenant <tenant>', describe: 'only of this tenant; for who runs the platform, who replays those of all otherwise' },
    RATE,
    { flags: '--reason <reason>', describe: 'why; required' },
  ],
  examples: [`replay plan normalizer --reason 'graphs lost their names'`, 'replay plan normalizer --key 01976c2e-8a00-7b3c-9d4e-5f60718293a4 --since 7d --rate 50 --reason repair'],
  async run(call) {
    const { client, input, shell } = call;
    const [reason, tenant] = [input.text('reason'), input.text('tenant')];
    if (reason === undefined || reason.trim() === '') throw usageFault('A replay needs a reason, which stays in the record; give it with --reason.');
    const request = { consumer: input.arg('consumer'), reason, ...queryOf(input, shell.now()), ...(tenant === undefined ? {} : { tenant }), ...rateOf(call) };
    const rpc = await client();
    const { job } = await rpc.call('audit.replay.plan', { ...request, ...(request.types && { types: request.types as [string, ...string[]] }) });
    const planned = await follow(call, rpc, job.jobId, PLAN_MS, ({ state }) => state !== 'planning');
    const next = planned.state === 'planned' && planned.progress.total > 0 ? `\n\nStart it with \`granary replay start ${planned.jobId}\`.` : '';
    return { data: { job: planned }, text: `${renderReplay(planned, [], shell.now(), call.style)}${next}` };
  },
};

export const replayStart: CommandSpec = {
  name: 'replay start',
  args: '<job>',
  summary: 'start a replay that is planned',
  details: 'With --wait, exit code 1 when not every event was handled.',
  options: [RATE, { flags: '--wait', describe: 'wait until it is through' }, { flags: '--timeout <time>', describe: 'how long to wait (default: 1h); it goes on all the same' }],
  examples: [`replay start ${JOB}`, `replay start ${JOB} --rate 50 --wait`],
  async run(call) {
    const { client, input } = call;
    const timeoutMs = parseDuration(input.text('timeout') ?? '1h');
    const rpc = await client();
    const { job } = await rpc.call('audit.replay.start', { jobId: input.arg('job'), ...rateOf(call) });
    if (!input.flag('wait')) return { data: { job }, text: `The replay to ${job.consumer} runs. See how far it is with \`granary replay status ${job.jobId}\`.` };
    const { state, progress } = await follow(call, rpc, job.jobId, timeoutMs, isOver);
    return { ...(await show(call, rpc, job.jobId)), outcome: state === 'completed' && progress.failed === 0 ? 'ok' : 'failed' };
  },
};

export const replayStatus: CommandSpec = {
  name: 'replay status',
  args: '[job]',
  summary: 'show how far a replay is, and what failed in it; without a job, list the newest',
  options: [
    { flags: '--consumer <consumer>', describe: 'list only those to this consumer' },
    { flags: '--state <state>', describe: `list only those in this state: ${REPLAY_STATES.join(', ')}` },
    { flags: '--limit <count>', describe: 'list how many at most (default: 20)' },
  ],
  examples: ['replay status', `replay status ${JOB}`, 'replay status --state running --json'],
  async run(call) {
    const { client, input, shell, style, note } = call;
    const jobId = input.optionalArg('job');
    const rpc = await client();
    if (jobId !== undefined) return show(call, rpc, jobId);
    const [consumer, state] = [input.text('consumer'), input.text('state')];
    const filter = { ...(consumer === undefined ? {} : { consumer }), ...(state === undefined ? {} : { state: parseOneOf(state, REPLAY_STATES) }) };
    const limit = parseInteger(input.text('limit') ?? '20', { min: 1 });
    const { items, more } = await collectPages(limit, async (pageLimit, cursor) => {
      const page = await rpc.call('audit.replay.list', { ...filter, limit: pageLimit, ...cursor });
      return { items: page.jobs, next: page.next };
    });
    if (more) note(`There are more than ${limit} replays; see more with --limit.`);
    return { data: { jobs: items, more }, text: renderReplays(items, shell.now(), style) };
  },
};

export const replayPause: CommandSpec = {
  name: 'replay pause',
  args: '<job>',
  summary: 'let a replay that runs stand still',
  details: 'Events that are at work end.',
  examples: [`replay pause ${JOB}`],
  run: decide('pause'),
};

export const replayResume: CommandSpec = {
  name: 'replay resume',
  args: '<job>',
  summary: 'let a replay that is paused go on',
  examples: [`replay resume ${JOB}`],
  run: decide('resume'),
};

export const replayCancel: CommandSpec = {
  name: 'replay cancel',
  args: '<job>',
  summary: 'end a replay before it is through; what it has done stays done',
  examples: [`replay cancel ${JOB}`],
  run: decide('cancel'),
};

function decide(decision: 'pause' | 'resume' | 'cancel'): CommandSpec['run'] {
  return async ({ client, input }) => {
    const { job } = await (await client()).call(`audit.replay.${decision}`, { jobId: input.arg('job') });
    const { total, handled, failed } = job.progress;
    return { data: { job }, text: `The replay to ${job.consumer} is ${job.state}: ${handled} of ${total} handled, ${failed} failed.` };
  };
}

async function show({ shell, style }: Call, rpc: Client, jobId: string): Promise<Answer> {
  const { job, failures } = await rpc.call('audit.replay.show', { jobId });
  return { data: { job, failures }, text: renderReplay(job, failures, shell.now(), style) };
}

async function follow({ progress, signal }: Call, rpc: Client, jobId: string, timeoutMs: number, until: (job: ReplayJob) => boolean): Promise<ReplayJob> {
  const look = async (): Promise<Look<ReplayJob>> => {
    const { job } = await rpc.call('audit.replay.show', { jobId });
    progress.show(replayStep(job));
    return until(job) ? { state: 'done', result: job } : { state: 'waiting' };
  };
  const job = await poll(`replay ${jobId}`, look, { timeoutMs, signal });
  progress.end();
  return job;
}

function rateOf({ input }: Call): { rate?: number } {
  const rate = input.text('rate');
  return rate === undefined ? {} : { rate: parseInteger(rate, { min: 1, max: FASTEST }) };
}
