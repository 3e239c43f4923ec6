import { Fault } from '@granary/faults';
import { currentContext, injectTraceparent, writeBaggage } from '@granary/observability';
import { may } from '@granary/security';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Caller } from '../identify/identify.guard';
import type { Flaw } from '../problem/problem';
import type { Admission } from './admission.handler';
import { bodyOf, type Answer } from './answer';
import { decode, type DecodedRequest } from './decode';
import { MOST_BATCH_BYTES, type Headers } from './foreign';
import { isTransient, type Refusal } from './refusal';
import { publishRoute } from './route';

/** The entrance over HTTP: one event, or a batch with an answer for each of its events. */
export function admissionRoutes({ admission }: { readonly admission: Admission }) {
  return async (http: FastifyInstance): Promise<void> => {
    // An event's data are judged as the bytes that came, whatever they say they are.
    http.removeAllContentTypeParsers();
    http.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    http.route({
      method: publishRoute.method,
      url: publishRoute.path,
      bodyLimit: MOST_BATCH_BYTES,
      config: { route: publishRoute },
      handler: async (request: FastifyRequest, reply: FastifyReply) => {
        const { tenant, name } = publisherOf(request.caller);
        const body = request.body instanceof Uint8Array ? request.body : new Uint8Array();
        const decoded = decode({ headers: headersOf(request), body });
        const [traceparent, baggage] = [injectTraceparent(), writeBaggage(currentContext())];
        const answers = await admission({ entrance: 'http', identity: { tenant, name }, request: decoded, bytes: body.byteLength, ...(traceparent !== undefined && { traceparent }), ...(baggage !== undefined && { baggage }) });
        return tell(reply, decoded, answers);
      },
    });
  };
}

function publisherOf(caller: Caller | null): { tenant: string; name: string } {
  if (caller === null || !may(caller.claims, 'event:publish')) throw Fault.permanent('permission-missing', 'handing in events needs the permission event:publish on the whole tenant, which the role publisher has; ask an administrator of the tenant for it');
  return { tenant: caller.claims.tid, name: caller.claims.name };
}

const headersOf = ({ raw }: FastifyRequest): Headers => new Map(Object.entries(raw.headersDistinct).map(([name, values]) => [name, values ?? []]));

function tell(reply: FastifyReply, decoded: DecodedRequest, answers: readonly Answer[] | Refusal): FastifyReply {
  const mode = decoded.state === 'events' ? decoded.mode : 'structured';
  if ('state' in answers) throw faultOf(answers, mode);
  void reply.header('cache-control', 'no-store').type('application/json; charset=utf-8');
  const [first] = answers;
  if (mode === 'batch') {
    // When there is no room for any of them, the client waits as for one.
    if (first?.state === 'refused' && answers.every((answer) => answer.state === 'refused' && isTransient(answer.code))) throw faultOf(first, mode);
    return reply.code(answers.every(({ state }) => state === 'admitted') ? 202 : 207).send(JSON.stringify(answers.map(bodyOf)));
  }
  if (first?.state !== 'admitted') throw first === undefined ? Fault.permanent('malformed-event', 'there is no event') : faultOf(first, mode);
  if (first.id !== undefined) void reply.header('location', `/v1/events/${first.id}`);
  return reply.code(202).send(JSON.stringify(bodyOf(first)));
}

/** A refusal as the fault that becomes a problem, with the place of what is wrong. */
function faultOf({ code, message, pointer }: Refusal, mode: string): Fault {
  if (isTransient(code)) return Fault.transient(code, message);
  const place: Flaw['in'] = mode === 'binary' && !pointer.startsWith('/data') ? 'header' : 'body';
  const flaws: readonly Flaw[] = [{ in: place, pointer, detail: message }];
  return Object.assign(Fault.permanent(code, message), { flaws });
}
