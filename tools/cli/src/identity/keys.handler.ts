import type { Permission } from '@granary/contracts';
import type { CommandSpec } from '../shell/command';
import { parseDuration, parseInteger, parseList } from '../shell/input';
import { collectPages } from '../shell/pages';
import { openAccess } from './access.client';
import { renderKeys } from './tables';

export const keysList: CommandSpec = {
  name: 'keys list',
  summary: 'list API keys, the newest first; never their secrets, which nobody keeps',
  options: [
    { flags: '--user <user>', describe: 'only of this person or service account' },
    { flags: '--limit <count>', describe: 'how many at most (default: 200)' },
  ],
  examples: ['keys list', 'keys list --user ci --json'],
  async run(call) {
    const user = call.input.text('user');
    const limit = parseInteger(call.input.text('limit') ?? '200', { min: 1 });
    const access = await openAccess(call);
    const { items, more } = await collectPages(limit, async (pageLimit, cursor) => {
      const page = await access.call('auth.key.list', { ...(user !== undefined && { principal: user }), limit: pageLimit, ...cursor });
      return { items: page.keys, next: page.next };
    });
    if (more) call.note('There are more; see them with --limit.');
    return { data: { keys: items, more }, text: renderKeys(items, call.shell.now(), call.style) };
  },
};

export const keysIssue: CommandSpec = {
  name: 'keys issue',
  args: '<name>',
  summary: 'issue an API key, which is shown this once',
  options: [
    { flags: '--user <user>', describe: 'whose it is (default: whoever issues it)' },
    { flags: '--scope <permissions>', describe: 'the only permissions it has, separated by commas (default: all of its owner)' },
    { flags: '--expires <time>', describe: 'when it stops working, from now (default: never)' },
  ],
  examples: ['keys issue laptop', 'keys issue pipeline --user ci --scope harvest:run,job:read --expires 90d'],
  async run(call) {
    const { input, shell } = call;
    const [user, scope, expires] = [input.text('user'), input.text('scope'), input.text('expires')];
    const request = {
      name: input.arg('name'),
      ...(user !== undefined && { principal: user }),
      // Which there are is in the contract, which refuses others by name.
      ...(scope !== undefined && { scope: parseList(scope) as Permission[] }),
      ...(expires !== undefined && { expiresAt: new Date(shell.now().getTime() + parseDuration(expires)).toISOString() }),
    };
    const { key, issued } = await (await openAccess(call)).call('auth.key.issue', request);
    call.note('Keep it now: it is shown this once.');
    return { data: { key, issued }, text: key };
  },
};

export const keysRevoke: CommandSpec = {
  name: 'keys revoke',
  args: '<id>',
  summary: 'revoke an API key, and the tokens it was exchanged for',
  examples: ['keys revoke 4f9aK2mXw81QzLpB'],
  async run(call) {
    const { revoked } = await (await openAccess(call)).call('auth.key.revoke', { id: call.input.arg('id') });
    return { data: { revoked }, text: `Revoked the API key ${revoked.keyId}.` };
  },
};
