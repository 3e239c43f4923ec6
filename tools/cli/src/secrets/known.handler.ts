import type { HarvesterFindingListRequest } from '@granary/contracts';
import { requireRepository } from '../repos/find-repository.client';
import type { Answer, Call, CommandSpec } from '../shell/command';
import { parseInteger, parseOneOf } from '../shell/input';
import { collectPages } from '../shell/pages';
import { usageFault } from '../shell/problem';
import { FINDING_KINDS, FINDING_SEVERITIES, FINDING_STATES, parseFindingId, renderDecision, renderKnown } from './known';

export const secretsList: CommandSpec = {
  name: 'secrets list',
  args: '[repo]',
  summary: 'list the secrets and personal data that harvests found, newest first',
  details: 'The thing itself is never kept, only where it is and what it looks like. A finding is resolved when the newest commit no longer has it.',
  options: [
    { flags: '--state <state>', describe: `only in this state: ${FINDING_STATES.join(', ')}` },
    { flags: '--severity <severity>', describe: `only of this severity: ${FINDING_SEVERITIES.join(', ')}` },
    { flags: '--rule <rule>', describe: 'only of this rule' },
    { flags: '--kind <kind>', describe: `only of this kind: ${FINDING_KINDS.join(', ')}` },
    { flags: '--path <prefix>', describe: 'only in paths that begin so' },
    { flags: '--limit <count>', describe: 'how many at most (default: 100)' },
  ],
  examples: ['secrets list', 'secrets list undici --state open --severity high', 'secrets list --kind personal-data --path src/ --json'],
  async run(call) {
    const { client, input, shell, style, note } = call;
    const limit = parseInteger(input.text('limit') ?? '100', { min: 1 });
    const filter = { ...filterOf(call), ...(await repositoryOf(call)) };
    const rpc = await client();
    const { items, more } = await collectPages(limit, async (pageLimit, cursor) => {
      const page = await rpc.call('harvester.finding.list', { ...filter, limit: pageLimit, ...cursor });
      return { items: page.findings, next: page.next };
    });
    if (more) note(`There are more than ${limit} findings; see more with --limit.`);
    return { data: { findings: items, more }, text: renderKnown(items, shell.now(), style) };
  },
};

export const secretsAllow: CommandSpec = {
  name: 'secrets allow',
  args: '<repo> <finding>',
  summary: 'let a finding stay, with a reason; a commit that was withheld because of it is harvested again',
  details: 'The finding is named by its id. Who allowed what and why is announced as finding.allowed.',
  options: [{ flags: '--reason <reason>', describe: 'why it may stay; required' }],
  examples: ["secrets allow undici 0f3a6f8c2b1d4e5f60718293a4b5c6d7 --reason 'a key of the sandbox'"],
  run: (call) => decide(call, 'allow'),
};

export const secretsRevoke: CommandSpec = {
  name: 'secrets revoke',
  args: '<repo> <finding>',
  summary: 'take back that a finding may stay, with a reason',
  details: 'The finding is named by its id. What a comment in the file allows stays allowed until the comment is gone. Announced as finding.revoked.',
  options: [{ flags: '--reason <reason>', describe: 'why it may no longer stay; required' }],
  examples: ["secrets revoke undici 0f3a6f8c2b1d4e5f60718293a4b5c6d7 --reason 'it is used in production'"],
  run: (call) => decide(call, 'revoke'),
};

async function decide(call: Call, decision: 'allow' | 'revoke'): Promise<Answer> {
  const { client, input, style } = call;
  const findingId = parseFindingId(input.arg('finding'));
  const reason = input.text('reason')?.trim();
  if (!reason) throw usageFault(`Say why the finding may ${decision === 'allow' ? 'stay' : 'no longer stay'}: --reason <reason>.`);
  const { repositoryId: repository } = await requireRepository(call, input.arg('repo'));
  const decided = await (await client()).call(`harvester.finding.${decision}`, { repository, findingId, reason });
  return { data: decided, text: renderDecision(decided.finding, style) };
}

type Filter = Omit<HarvesterFindingListRequest, 'repository' | 'limit' | 'cursor'>;

function filterOf({ input }: Call): Filter {
  const [state, severity, rule, kind, path] = [input.text('state'), input.text('severity'), input.text('rule'), input.text('kind'), input.text('path')];
  return {
    ...(state === undefined ? {} : { state: parseOneOf(state, FINDING_STATES) }),
    ...(severity === undefined ? {} : { severity: parseOneOf(severity, FINDING_SEVERITIES) }),
    ...(rule === undefined ? {} : { rule }),
    ...(kind === undefined ? {} : { kind: parseOneOf(kind, FINDING_KINDS) }),
    ...(path === undefined ? {} : { path }),
  };
}

async function repositoryOf(call: Call): Promise<{ repository?: string }> {
  const typed = call.input.optionalArg('repo');
  return typed === undefined ? {} : { repository: (await requireRepository(call, typed)).repositoryId };
}
