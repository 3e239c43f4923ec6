import type { Principal } from '@granary/contracts';
import type { Call, CommandSpec } from '../shell/command';
import { parseInteger, parseOneOf } from '../shell/input';
import { collectPages } from '../shell/pages';
import { printable } from '../shell/style';
import { openAccess } from './access.client';
import { formatGrants, parseGrants } from './grants';
import { readNewPassword, readPassword } from './password.client';
import { renderPrincipals } from './tables';

export const usersList: CommandSpec = {
  name: 'users list',
  summary: 'list the people and service accounts of the tenant',
  options: [
    { flags: '--kind <kind>', describe: 'only of this kind: person or service-account' },
    { flags: '--limit <count>', describe: 'how many at most (default: 200)' },
  ],
  examples: ['users list', 'users list --kind service-account --json'],
  async run(call) {
    const kind = call.input.text('kind');
    const filter = kind === undefined ? {} : { kind: parseOneOf(kind, ['person', 'service-account'] as const) };
    const limit = parseInteger(call.input.text('limit') ?? '200', { min: 1 });
    const access = await openAccess(call);
    const { items, more } = await collectPages(limit, async (pageLimit, cursor) => {
      const page = await access.call('auth.principal.list', { ...filter, limit: pageLimit, ...cursor });
      return { items: page.principals, next: page.next };
    });
    if (more) call.note('There are more; see them with --limit.');
    return { data: { principals: items, more }, text: renderPrincipals(items, call.shell.now(), call.style) };
  },
};

export const usersAdd: CommandSpec = {
  name: 'users add',
  args: '<name>',
  summary: 'add a person, or a service account for a program',
  details: 'The password of a person is typed unseen, or taken from GRANARY_NEW_PASSWORD. A service account has none: issue it a key with `granary keys issue`.',
  options: [
    { flags: '--role <roles>', describe: 'its roles, as `granary grants set` takes them (default: none)' },
    { flags: '--service', describe: 'a service account instead of a person' },
  ],
  examples: ['users add ada --role reader', 'users add ci --service --role operator'],
  async run(call) {
    const name = call.input.arg('name');
    const grants = parseGrants(call.input.text('role') ?? 'none');
    const access = await openAccess(call);
    const what = call.input.flag('service') ? { kind: 'service-account' as const } : { kind: 'person' as const, password: await readNewPassword(call, 'GRANARY_NEW_PASSWORD', printable(name)) };
    const { principal } = await access.call('auth.principal.add', { ...what, name, grants });
    return answer(principal, `Added ${printable(principal.name)} (${principal.principalId}); roles: ${formatGrants(principal.grants)}.`);
  },
};

export const usersDisable: CommandSpec = {
  name: 'users disable',
  args: '<user>',
  summary: 'keep somebody out: sessions end, and keys and tokens are refused',
  examples: ['users disable ada'],
  run: (call) => change(call, 'auth.principal.disable', 'is disabled.'),
};

export const usersEnable: CommandSpec = {
  name: 'users enable',
  args: '<user>',
  summary: 'let somebody in again, with the keys of before',
  examples: ['users enable ada'],
  run: (call) => change(call, 'auth.principal.enable', 'is enabled.'),
};

export const usersPassword: CommandSpec = {
  name: 'users password',
  args: '[user]',
  summary: 'set the password of somebody, or the own one; other sessions end',
  details: 'Passwords are typed unseen, or taken from GRANARY_NEW_PASSWORD and, for the own one, GRANARY_PASSWORD.',
  examples: ['users password ada', 'users password'],
  async run(call) {
    const user = call.input.optionalArg('user');
    const access = await openAccess(call);
    const whose = user === undefined ? { old: await readPassword(call, 'GRANARY_PASSWORD', 'Password until now: ') } : { principal: user };
    const set = await access.call('auth.password.set', { ...whose, new: await readNewPassword(call, 'GRANARY_NEW_PASSWORD', user === undefined ? 'your own' : printable(user)) });
    return { data: set, text: 'The password is set.' };
  },
};

async function change(call: Call, operation: 'auth.principal.disable' | 'auth.principal.enable', what: string) {
  const { principal } = await (await openAccess(call)).call(operation, { principal: call.input.arg('user') });
  return answer(principal, `${printable(principal.name)} ${what}`);
}

function answer(principal: Principal, text: string) {
  return { data: { principal }, text };
}
