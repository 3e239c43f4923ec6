import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { callHandler, type CallDeps } from '../call/call.handler';
import { isKnown } from '../call/answer-of';
import { takesIdempotencyKey } from '../document/refusals';
import { doOnce, type RepeatDeps } from '../repeat/repeat.handler';
import type { CallRoute } from '../routes/route';

/** Puts a row of the table on the air. */
export function addCallRoute(http: FastifyInstance, route: CallRoute, deps: CallDeps & RepeatDeps): void {
  const prepare = callHandler(route, deps);
  const once = doOnce(deps);
  http.route({
    method: route.method,
    url: fastifyPath(route.path),
    config: { route },
    handler: async (request: FastifyRequest, reply: FastifyReply) => {
      const { params, query, body, headers, url, caller } = request;
      const call = prepare({ params: params as Record<string, string>, query: query as Record<string, string | string[]>, body, ifMatch: headers['if-match'], url, caller });
      const key = headers['idempotency-key'];
      const answer = await (typeof key === 'string' && caller && takesIdempotencyKey(route) ? once({ route, key, caller, call }) : call.perform());
      if (isKnown(headers['if-none-match'], answer.headers['etag'])) return reply.code(304).headers(answer.headers).send();
      return reply.code(answer.status).headers(answer.headers).type('application/json; charset=utf-8').send(answer.body);
    },
  });
}

/** OpenAPI's `{name}` as Fastify writes it. */
export const fastifyPath = (path: string): string => path.replaceAll(/\{(\w+)\}/g, ':$1');
