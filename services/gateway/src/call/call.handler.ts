import type { OpenSchema, RpcOperation } from '@granary/contracts';
import { rpcContracts } from '@granary/contracts';
import { Fault } from '@granary/faults';
import type { RpcClient } from '@granary/messaging';
import type { Caller } from '../identify/identify.guard';
import { flawed } from '../problem/problem';
import type { CallRoute } from '../routes/route';
import { answerOf, type Answer } from './answer-of';
import { fieldKinds } from './field-kinds';
import { requestOf, type Asked } from './request-of';

export interface CallDeps {
  readonly rpc: RpcClient;
  readonly schemas: Readonly<Record<string, OpenSchema>>;
  readonly timeoutMs: number;
}

/** A request to a route, by whoever it is; nobody for public ones. */
export interface RouteRequest extends Asked {
  readonly url: string;
  readonly caller: Caller | null;
}

/** Reads the request of a route, so that it can be told from others before it is done; then does it. */
export interface PreparedCall {
  readonly request: Readonly<Record<string, unknown>>;
  perform(): Promise<Answer>;
}

/** Answers a route by calling its service with the caller's own token. @throws Fault */
export function callHandler(route: CallRoute, { rpc, schemas, timeoutMs }: CallDeps): (asked: RouteRequest) => PreparedCall {
  const kinds = fieldKinds(schemas[rpcContracts[route.operation].request], schemas);

  return ({ caller, url, ...asked }) => {
    const tenant = caller?.claims.tid ?? null;
    const reading = requestOf(route, kinds, asked, tenant ?? '');
    if (reading.state === 'flawed') throw flawed(reading.flaws);
    if (reading.state === 'version-missing') throw Fault.permanent('version-missing', 'say on which version the change is based: send the ETag of what you read as If-Match');
    const options = { timeoutMs, ...(tenant !== null && { tenant }), ...(caller && { token: caller.token }) };
    return {
      request: reading.request,
      // The contract has just been checked against `reading.request`, which TypeScript cannot follow through the table.
      perform: async () => answerOf(route, (await rpc.call<RpcOperation>(route.operation, reading.request as never, options)) as unknown as Record<string, unknown>, url),
    };
  };
}
