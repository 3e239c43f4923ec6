import type { Grant, Role } from '@granary/contracts';
import { parseList, parseOneOf } from '../shell/input';

const ROLES: readonly Role[] = ['owner', 'admin', 'operator', 'auditor', 'publisher', 'reader'];

/** `admin,reader`, `operator:<repository id>+<repository id>`, or `none`. Faults: permanent `usage`. */
export function parseGrants(text: string): Grant[] {
  if (text === 'none') return [];
  return parseList(text).map((word) => {
    const [role = '', ids] = word.split(':', 2);
    return { role: parseOneOf(role, ROLES), repositories: ids === undefined ? 'all' : ids.split('+') };
  });
}

/** As `parseGrants` reads it, with the number of repositories instead of their ids. */
export function formatGrants(grants: readonly Grant[]): string {
  if (grants.length === 0) return 'none';
  return grants.map(({ role, repositories }) => (repositories === 'all' ? role : `${role} of ${repositories.length}`)).join(', ');
}
