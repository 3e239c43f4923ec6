import type { CommandSpec } from '../shell/command';
import { parseInteger } from '../shell/input';
import { collectPages } from '../shell/pages';
import { openAccess } from './access.client';
import { renderSessions } from './tables';

export const tokensIssue: CommandSpec = {
  name: 'tokens issue',
  summary: 'print an access token for a script: it may what commands may, for ten minutes at most',
  details: 'Whoever has it can use it until then. A script that runs for longer, or elsewhere, takes an API key: `granary keys issue`.',
  examples: ['tokens issue', 'tokens issue --json'],
  async run(call) {
    const { accessToken, expiresAt, tenant, from } = await openAccess(call);
    call.note(`Of ${tenant}, by ${from}; good until ${expiresAt}.`);
    return { data: { accessToken, expiresAt, tenant, from }, text: accessToken };
  },
};

export const tokensList: CommandSpec = {
  name: 'tokens list',
  summary: 'list the sessions for which tokens are issued, the newest first',
  details: 'Those of the tenant for who may see them, else the own ones. Tokens of API keys belong to the key: `granary keys list`.',
  options: [
    { flags: '--user <user>', describe: 'only of this person' },
    { flags: '--limit <count>', describe: 'how many at most (default: 200)' },
  ],
  examples: ['tokens list', 'tokens list --user ada --json'],
  async run(call) {
    const user = call.input.text('user');
    const limit = parseInteger(call.input.text('limit') ?? '200', { min: 1 });
    const access = await openAccess(call);
    const { items, more } = await collectPages(limit, async (pageLimit, cursor) => {
      const page = await access.call('auth.session.list', { ...(user !== undefined && { principal: user }), limit: pageLimit, ...cursor });
      return { items: page.sessions, next: page.next };
    });
    if (more) call.note('There are more; see them with --limit.');
    return { data: { sessions: items, more }, text: renderSessions(items, call.shell.now(), call.style) };
  },
};

export const tokensEnd: CommandSpec = {
  name: 'tokens end',
  args: '<session>',
  summary: 'end a session: it cannot be refreshed any more, and the tokens that are out are refused',
  examples: ['tokens end 01976c2e-7b00-7d5e-8f60-718293a4b5c6'],
  async run(call) {
    const ended = await (await openAccess(call)).call('auth.session.end', { sid: call.input.arg('session') });
    return { data: { ended }, text: `Ended the session ${ended.sid}.` };
  },
};
