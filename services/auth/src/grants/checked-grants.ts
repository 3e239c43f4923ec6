import type { Grant } from '@granary/contracts';
import { Fault } from '@granary/faults';
import { checkGrants } from '@granary/security';

/** @throws Fault permanent `invalid-grants`, with all that is wrong */
export function checkedGrants(value: unknown): Grant[] {
  const checked = checkGrants(value);
  if (checked.state === 'invalid') throw Fault.permanent('invalid-grants', checked.problems.join('; '));
  return checked.grants.map(({ role, repositories }) => ({ role, repositories: repositories === 'all' ? repositories : [...repositories] }));
}
