import { accessDocuments } from '@granary/contracts';
import type { AuthServiceTokenIssueResponse } from '@granary/contracts';
import { Fault } from '@granary/faults';
import type { RpcContext } from '@granary/messaging';
import { PLATFORM_TENANT } from '@granary/security';
import type { AuthDeps } from '../deps';

/** Gives a service a token for the calls of its access document. The broker vouches for who asks: it is the end of the subject. */
export const issueServiceToken = ({ trust, meters }: Pick<AuthDeps, 'trust' | 'meters'>) => async (_request: object, { caller }: RpcContext): Promise<AuthServiceTokenIssueResponse> => {
  const access = caller === null ? undefined : accessDocuments[caller];
  if (access === undefined) throw Fault.permanent('not-a-service', 'only services with an access document in contracts/access get a token of their own; log in, or use an API key');
  const { identity, calls } = access;
  const { accessToken, expiresAt } = await trust.issue({ sub: identity, tid: PLATFORM_TENANT, kind: 'service', name: identity, grants: [], calls, sid: `service-${identity}` });
  meters.issued('service');
  return { accessToken, expiresAt: expiresAt.toISOString() };
};
