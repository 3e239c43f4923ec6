import type { CommandSpec } from '../shell/command';
import { printable } from '../shell/style';
import { openAccess } from './access.client';
import { formatGrants, parseGrants } from './grants';

export const grantsSet: CommandSpec = {
  name: 'grants set',
  args: '<user> <roles>',
  summary: 'replace the roles of somebody',
  details: 'Roles are owner, admin, operator, auditor, publisher and reader, separated by commas; `operator:<repository id>+<repository id>` counts for these repositories alone; `none` takes all away.',
  examples: ['grants set ada operator,auditor', 'grants set ci none'],
  async run(call) {
    const grants = parseGrants(call.input.arg('roles'));
    const access = await openAccess(call);
    const { principal: seen } = await access.call('auth.principal.show', { principal: call.input.arg('user') });
    const { principal } = await access.call('auth.grant.set', { principal: seen.principalId, version: seen.version, grants });
    return { data: { principal, before: seen.grants }, text: `${printable(principal.name)} has the roles ${formatGrants(principal.grants)} now; before: ${formatGrants(seen.grants)}.` };
  },
};
