import type { OutgoingHttpHeaders } from 'node:http';
import { Fault } from '@granary/faults';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { fastifyPath } from '../edge/call.controller';
import { acceptsStream } from '../edge/headers';
import type { Caller } from '../identify/identify.guard';
import type { OwnRoute } from '../routes/route';
import { openProgress, type ProgressDeps } from './progress.handler';
import { readTail } from './read-tail';
import { progressRoute, tailRoute } from './stream-routes';
import { STREAM_HEADERS, type Taken } from './streams.worker';
import { openTail, type TailDeps } from './tail.handler';

export type StreamRouteDeps = TailDeps & ProgressDeps;

/** Puts the streams on the air. They write to the raw answer: until then everything that can be wrong is a problem, after it nothing can be refused. */
export function addStreamRoutes(http: FastifyInstance, deps: StreamRouteDeps): void {
  add(http, tailRoute, async (request, reply, { claims }) => {
    const order = readTail({ query: request.query as Record<string, string | string[]>, lastEventId: lastEventIdOf(request), claims });
    if (request.method === 'HEAD') return headOnly(reply);
    await openTail(deps, { ...order, claims, take: () => takeOver(reply) });
    return reply;
  });
  add(http, progressRoute, async (request, reply, { claims, token }) => {
    if (request.method === 'HEAD') return headOnly(reply);
    const { jobId } = request.params as { jobId: string };
    const opened = await openProgress(deps, { jobId, claims, token, lastEventId: lastEventIdOf(request), take: () => takeOver(reply) });
    return opened === 'seen' ? reply.code(204).send() : reply;
  });
}

type Answer = (request: FastifyRequest, reply: FastifyReply, caller: Caller) => Promise<FastifyReply>;

function add(http: FastifyInstance, route: OwnRoute, answer: Answer): void {
  http.route({
    method: route.method,
    url: fastifyPath(route.path),
    config: { route, anyMedia: true, streams: true },
    handler: async (request, reply) => {
      if (!acceptsStream(request.headers.accept)) throw Fault.permanent('not-acceptable', 'this is a stream of server-sent events; accept text/event-stream');
      // The edge answers nobody here who is not known.
      return answer(request, reply, request.caller as Caller);
    },
  });
}

function takeOver(reply: FastifyReply): Taken {
  reply.hijack();
  return { response: reply.raw, headers: reply.getHeaders() as OutgoingHttpHeaders };
}

function headOnly(reply: FastifyReply): FastifyReply {
  return reply.headers(STREAM_HEADERS).send();
}

function lastEventIdOf(request: FastifyRequest): string | undefined {
  const value = request.headers['last-event-id'];
  return typeof value === 'string' ? value : undefined;
}
