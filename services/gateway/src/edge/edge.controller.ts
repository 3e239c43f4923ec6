import { isIP } from 'node:net';
import cors from '@fastify/cors';
import helmet from '@fastify/helmet';
import { Fault } from '@granary/faults';
import { currentContext, withContext, type Logger } from '@granary/observability';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Caller, Identify } from '../identify/identify.guard';
import type { Buckets } from '../limit/token-bucket';
import { challengeOf, problemOf, PROBLEM_TYPE, retryAfterOf } from '../problem/problem';
import type { Route } from '../routes/route';
import { allowedMethods } from './allowed-methods';
import { faultOf } from './fault-of';
import { acceptsJson, repeatedHeader } from './headers';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks; null on public routes. */
    caller: Caller | null;
  }
  interface FastifyContextConfig {
    /** The row of the table. Every route has one: what has none is answered to nobody. */
    route?: Route;
    /** The answer is no JSON: a stream, a page. */
    anyMedia?: true;
  }
}

export interface EdgeDeps {
  readonly identify: Identify;
  /** By principal. */
  readonly rate: Buckets;
  /** By address, of who is not known. */
  readonly publicRate: Buckets;
  /** By address: tokens and keys that were no good. Apart from the others, so that what everybody may ask keeps nobody out who is known. */
  readonly guessRate: Buckets;
  /** Origins that browsers may ask from; none by default. */
  readonly origins: readonly string[];
  readonly routes: readonly Route[];
  readonly log: Logger;
  readonly now: () => Date;
}

/** Sets up what holds for every route: who asks, how often, in which form; security headers, and problems instead of errors. */
export async function openEdge(http: FastifyInstance, deps: EdgeDeps): Promise<void> {
  http.decorateRequest('caller', null);
  http.removeContentTypeParser('text/plain');
  http.setErrorHandler((error: FastifyError, request, reply) => sendProblem(reply, request, error, deps));
  http.setNotFoundHandler((request, reply) => sendProblem(reply, request, nothingAt(request.url, deps.routes), deps));
  await http.register(helmet, SECURITY_HEADERS);
  if (deps.origins.length > 0) await http.register(cors, { origin: [...deps.origins], methods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'], exposedHeaders: EXPOSED_HEADERS, maxAge: 600, credentials: false });
  http.addHook('onRequest', async (request) => admit(request, deps));
  http.addHook('preHandler', (request, _reply, done) => {
    const { caller } = request;
    if (!caller) return done();
    withContext({ ...currentContext(), tenant: caller.claims.tid }, done);
  });
}

const EXPOSED_HEADERS = ['etag', 'link', 'location', 'retry-after', 'www-authenticate', 'x-request-id', 'idempotency-replayed'];

/** An answer of the API is data: a browser that is led to one must show, load and run nothing. */
const SECURITY_HEADERS = {
  contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"], baseUri: ["'none'"], formAction: ["'none'"], frameAncestors: ["'none'"] } },
  crossOriginResourcePolicy: { policy: 'same-origin' as const },
  frameguard: { action: 'deny' as const },
  referrerPolicy: { policy: 'no-referrer' as const },
};

/** Answers what Fastify refuses before any hook has run: a path that cannot be decoded. */
export function answerUnreadable(error: FastifyError, request: FastifyRequest, reply: FastifyReply, deps: Pick<EdgeDeps, 'log'>): void {
  void reply.headers({ 'x-request-id': request.id, 'x-content-type-options': 'nosniff', 'content-security-policy': "default-src 'none'" });
  void sendProblem(reply, request, error, deps);
}

/** Lets a request through to its route, or throws what keeps it out. */
async function admit(request: FastifyRequest, { identify, rate, publicRate, guessRate, routes, now }: EdgeDeps): Promise<void> {
  const { route, anyMedia } = request.routeOptions.config;
  const at = now().getTime();
  const address = addressOf(request);
  const repeated = repeatedHeader(request.raw.rawHeaders);
  if (repeated !== null) throw Fault.permanent('header-repeated', `the header ${repeated} was sent more than once, and nobody knows which one counts; send it once`);
  if (!route) {
    spend(publicRate, address, at);
    throw nothingAt(request.url, routes);
  }
  if (!anyMedia && !acceptsJson(request.headers.accept)) throw Fault.permanent('not-acceptable', 'answers are application/json, and problems application/problem+json; accept these');
  if (route.access === 'public') return spend(publicRate, address, at);
  // Who has been wrong too often is not even looked at, so that guessing costs us nothing.
  refuseWait(guessRate.look(address, at));
  request.caller = await identify(request.headers.authorization).catch((error: unknown) => {
    if (faultOf(error).kind === 'permanent') spend(guessRate, address, at);
    throw error;
  });
  spend(rate, request.caller.claims.sub, at);
}

/** Of the connection, or what a trusted proxy says, as far as that is an address: anything else may be as long and as new as somebody likes. */
function addressOf({ ip, socket }: FastifyRequest): string {
  return isIP(ip) !== 0 ? ip : (socket.remoteAddress ?? '');
}

function spend(buckets: Buckets, key: string, at: number): void {
  refuseWait(buckets.take(key, at));
}

function refuseWait(seconds: number): void {
  if (seconds > 0) throw Fault.transient('too-many-requests', `too many requests; the next one is answered in ${seconds} s`, { retryAfterSeconds: seconds });
}

function sendProblem(reply: FastifyReply, request: FastifyRequest, error: unknown, { log }: Pick<EdgeDeps, 'log'>): FastifyReply {
  const fault: Fault & Hints = faultOf(error);
  const problem = problemOf(fault, requestIdOf(reply, request));
  if (problem.status >= 500) log[problem.code === 'unexpected' ? 'error' : 'warn']({ err: error, method: request.method, route: request.routeOptions.url, status: problem.status }, 'request failed');
  const retryAfter = retryAfterOf(problem, fault);
  if (fault.allow !== undefined) void reply.header('allow', fault.allow);
  if (retryAfter !== null) void reply.header('retry-after', String(retryAfter));
  const challenge = challengeOf(problem);
  if (challenge !== null) void reply.header('www-authenticate', challenge);
  return reply.code(problem.status).header('cache-control', 'no-store').type(PROBLEM_TYPE).send(JSON.stringify(problem));
}

/** Why nothing is answered at an address: there is nothing, or not for this method. */
function nothingAt(url: string, routes: readonly Route[]): Fault & Hints {
  const methods = allowedMethods(routes, url);
  if (methods.length === 0) return Fault.permanent('route-unknown', 'there is nothing at this address; GET /v1/openapi.json tells what there is');
  return Object.assign(Fault.permanent('method-not-allowed', `this address takes ${methods.join(', ')}`), { allow: methods.join(', ') });
}

/** What an answer says about a refusal beside its problem. */
interface Hints {
  readonly allow?: string;
}

function requestIdOf(reply: FastifyReply, request: FastifyRequest): string {
  const id = reply.getHeader('x-request-id');
  return typeof id === 'string' ? id : request.id;
}

