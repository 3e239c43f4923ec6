import type { AuthTrustReadResponse } from '@granary/contracts';
import type { AuthDeps } from '../deps';

/** What every service verifies tokens with. */
export const readTrust = ({ trust }: Pick<AuthDeps, 'trust'>) => async (): Promise<AuthTrustReadResponse> => {
  const { keys, revoked, trust: document } = trust.fresh();
  return {
    issuer: document.issuer,
    keys: [...keys],
    revoked: revoked.map(({ sid, until }) => ({ sid, until: until.toISOString() })),
    asOf: document.readAt.toISOString(),
  };
};
