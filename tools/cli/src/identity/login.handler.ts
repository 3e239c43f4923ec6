import type { CommandSpec } from '../shell/command';
import { printable } from '../shell/style';
import { openAccess } from './access.client';
import { readPassword } from './password.client';
import { readSession, removeSession, saveSession } from './session.store';
import { renderIdentity } from './tables';

export const login: CommandSpec = {
  name: 'login',
  args: '<name>',
  summary: 'log in with name and password; the session is kept in the data folder',
  details: 'The password is typed unseen, or taken from GRANARY_PASSWORD. On the machine that runs Granary this is not needed: its data folder has a key.',
  options: [{ flags: '--tenant <tenant>', describe: 'the tenant to log in to (default: GRANARY_TENANT, else default)' }],
  examples: ['login admin', 'login ada --tenant acme'],
  async run(call) {
    const { input, shell } = call;
    const name = input.arg('name');
    const tenant = input.text('tenant') ?? (shell.env['GRANARY_TENANT'] || 'default');
    const client = await call.client();
    const password = await readPassword(call, 'GRANARY_PASSWORD', `Password of ${printable(name)}: `);
    const { principal, ...tokens } = await client.call('auth.session.create', { tenant, name, password });
    saveSession(call.place().folder, { tenant: principal.tenant, name: principal.name, ...tokens });
    return { data: { principal, refreshUntil: tokens.refreshUntil }, text: `Logged in as ${printable(principal.name)} of ${principal.tenant}, until ${tokens.refreshUntil} at most.` };
  },
};

export const logout: CommandSpec = {
  name: 'logout',
  summary: 'end the session of `granary login`',
  examples: ['logout'],
  async run(call) {
    const { folder } = call.place();
    const session = readSession(folder);
    if (session === null) return { data: { ended: null }, text: 'Nobody was logged in.' };
    const access = await openAccess(call, session.tenant === '_platform' ? 'platform' : 'tenant');
    const ended = access.from === 'granary login' ? await access.call('auth.session.end', {}) : null;
    removeSession(folder);
    return { data: { ended }, text: `Logged out ${printable(session.name)} of ${session.tenant}.` };
  },
};

export const whoami: CommandSpec = {
  name: 'whoami',
  summary: 'show whom commands act as, and what that may do',
  details: 'GRANARY_API_KEY comes first, then the session of `granary login`, then the key of the data folder.',
  examples: ['whoami', 'whoami --json'],
  async run(call) {
    const { from, call: ask } = await openAccess(call);
    const identity = await ask('auth.identity.show', {});
    return { data: { ...identity, from }, text: renderIdentity(identity, from, call.style) };
  },
};
