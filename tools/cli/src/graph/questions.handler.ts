import { requireRepository } from '../repos/find-repository.client';
import type { Call, CommandSpec, OptionSpec } from '../shell/command';
import { parseInteger, parseOneOf } from '../shell/input';
import { NAME_KINDS, parseCommit, renderImpact, renderLinks, renderMatches, renderUsers, renderWhy } from './questions';

// What one answer holds.
const MOST = 500;
const LIMIT: OptionSpec = { flags: '--limit <count>', describe: `how many at most, up to ${MOST} (default: 50)` };

export const graphWhy: CommandSpec = {
  name: 'graph why',
  args: '<repo> <from> <to>',
  summary: 'show the shortest way on which a module depends on a module or a package',
  examples: ['graph why undici index.js lib/core/util.js', 'graph why . src/main.ts pkg:npm/semver@7.7.2 --json'],
  async run(call) {
    const { input, style } = call;
    const { repositoryId: repository } = await requireRepository(call, input.arg('repo'));
    const found = await (await call.client()).call('normalizer.graph.why', { repository, from: input.arg('from'), to: input.arg('to') });
    return { data: found, text: renderWhy(found, style) };
  },
};

export const graphImpact: CommandSpec = {
  name: 'graph impact',
  args: '<repo> <from> [to]',
  summary: 'show what changed between two commits, and what may behave differently because of it',
  details: 'Commits are named by their full ids, and both must have been harvested. Without a second one, up to the newest.',
  examples: ['graph impact undici 1f7a7a472abf3dd9643fd615f6da379c4acb3e3a', 'graph impact . 1f7a7a472abf3dd9643fd615f6da379c4acb3e3a 9fceb02d0ae598e95dc970b74767f19372d61af8 --json'],
  async run(call) {
    const { input, style } = call;
    const [from, to] = [parseCommit(input.arg('from')), input.optionalArg('to')];
    const until = to === undefined ? {} : { to: parseCommit(to) };
    const { repositoryId: repository } = await requireRepository(call, input.arg('repo'));
    const found = await (await call.client()).call('normalizer.graph.impact', { repository, from, ...until });
    return { data: found, text: renderImpact(found, style) };
  },
};

export const graphSearch: CommandSpec = {
  name: 'graph search',
  args: '<query>',
  summary: 'search names of modules, packages, entry points and AI providers in the newest graphs',
  details: 'The query is a part of a name; upper and lower case are the same.',
  options: [
    { flags: '--repository <repo>', describe: 'only in this repository (name, id or location)' },
    { flags: '--kind <kind>', describe: `only of this kind: ${NAME_KINDS.join(', ')}` },
    LIMIT,
  ],
  examples: ['graph search lodash', 'graph search util --repository undici --kind module --limit 10'],
  async run(call) {
    const { input, style } = call;
    const kind = input.text('kind');
    const kinds = kind === undefined ? {} : { kinds: [parseOneOf(kind, NAME_KINDS)] };
    const limit = limitOf(call);
    const found = await (await call.client()).call('normalizer.graph.search', { query: input.arg('query'), ...kinds, ...(await repositoryIn(call, input.text('repository'))), limit });
    noteMore(call, found.more, `There are more than ${limit} matches; narrow the search, or see more with --limit.`);
    return { data: found, text: renderMatches(found.matches, style) };
  },
};

export const graphUsers: CommandSpec = {
  name: 'graph users',
  args: '<package>',
  summary: 'list the repositories that use a package, directly or through others',
  details: 'The package is given by its name, or by its package URL with or without a version.',
  options: [{ flags: '--range <range>', describe: "only versions in this range, as npm writes it: '<4.17.21'" }, LIMIT],
  examples: ['graph users lodash', "graph users lodash --range '<4.17.21'", 'graph users pkg:pypi/requests --json'],
  async run(call) {
    const { input, style } = call;
    const [range, limit] = [input.text('range'), limitOf(call)];
    const found = await (await call.client()).call('normalizer.package.users', { package: input.arg('package'), ...(range === undefined ? {} : { range }), limit });
    noteMore(call, found.more, `There are more than ${limit} uses; narrow them with --range, or see more with --limit.`);
    return { data: found, text: renderUsers(found.users, style) };
  },
};

export const graphLinks: CommandSpec = {
  name: 'graph links',
  args: '[repo]',
  summary: 'list which repositories depend on which, by the packages that they make',
  details: 'With a repository: those that it depends on, and those that depend on it.',
  examples: ['graph links', 'graph links undici --json'],
  async run(call) {
    const found = await (await call.client()).call('normalizer.repository.links', await repositoryIn(call, call.input.optionalArg('repo')));
    noteMore(call, found.more, `There are more than ${found.links.length} links; name a repository to see all of its own.`);
    return { data: found, text: renderLinks(found.links, call.style) };
  },
};

function limitOf({ input }: Call): number {
  return parseInteger(input.text('limit') ?? '50', { min: 1, max: MOST });
}

function noteMore({ note }: Call, more: boolean, text: string): void {
  if (more) note(text);
}

async function repositoryIn(call: Call, typed: string | undefined): Promise<{ repository?: string }> {
  return typed === undefined ? {} : { repository: (await requireRepository(call, typed)).repositoryId };
}
