import type { CommandSpec } from '../shell/command';
import { parseInteger } from '../shell/input';
import { collectPages } from '../shell/pages';
import { printable } from '../shell/style';
import { openAccess } from './access.client';
import { readNewPassword } from './password.client';
import { renderTenants } from './tables';

export const tenantsList: CommandSpec = {
  name: 'tenants list',
  summary: 'list the tenants; for who runs the platform',
  options: [{ flags: '--limit <count>', describe: 'how many at most (default: 200)' }],
  examples: ['tenants list', 'tenants list --json'],
  async run(call) {
    const limit = parseInteger(call.input.text('limit') ?? '200', { min: 1 });
    const access = await openAccess(call, 'platform');
    const { items, more } = await collectPages(limit, async (pageLimit, cursor) => {
      const page = await access.call('auth.tenant.list', { limit: pageLimit, ...cursor });
      return { items: page.tenants, next: page.next };
    });
    if (more) call.note('There are more; see them with --limit.');
    return { data: { tenants: items, more }, text: renderTenants(items, call.shell.now(), call.style) };
  },
};

export const tenantsAdd: CommandSpec = {
  name: 'tenants add',
  args: '<tenant>',
  summary: 'create a tenant with its first owner; for who runs the platform',
  details: "The owner's password is typed unseen, or taken from GRANARY_NEW_PASSWORD.",
  options: [
    { flags: '--name <name>', describe: 'what people call it (default: its id)' },
    { flags: '--admin <name>', describe: 'the name of its first owner (default: admin)' },
  ],
  examples: ["tenants add acme --name 'Acme Ltd' --admin ada"],
  async run(call) {
    const { input } = call;
    const tenant = input.arg('tenant');
    const admin = input.text('admin') ?? 'admin';
    const access = await openAccess(call, 'platform');
    const password = await readNewPassword(call, 'GRANARY_NEW_PASSWORD', printable(admin));
    const added = await access.call('auth.tenant.add', { tenant, name: input.text('name') ?? tenant, administrator: { name: admin, password } });
    return { data: added, text: `Created ${added.tenant.tenant}; its owner ${printable(added.administrator.name)} logs in with \`granary login ${printable(added.administrator.name)} --tenant ${added.tenant.tenant}\`.` };
  },
};
