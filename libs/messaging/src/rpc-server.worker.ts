import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { headers } from '@nats-io/transport-node';
import type { Msg } from '@nats-io/transport-node';
import { checkRpc, rpcContracts, serveSubject } from '@granary/contracts';
import { Fault, isFault } from '@granary/faults';
import { createCounter, createHistogram, harmlessId, readBaggage, SpanKind, UNWATCHED, withContext, withTraceparent } from '@granary/observability';
import type { Logger, Metrics, SlowWatch, WorkIds } from '@granary/observability';
import { Registry } from 'prom-client';
import type { Broker } from './broker.client';
import { RPC_HEADERS } from './rpc';
import type { RpcContext, RpcGuard, RpcHandler } from './rpc';

/** How long a stop waits for calls that are on their way here. */
const DRAIN_MS = 500;

export interface RpcServerOptions {
  broker: Broker;
  /** Replicas of one service share its calls. */
  service: string;
  handlers: readonly RpcHandler[];
  log: Logger;
  metrics?: Metrics;
  /** Told how long each call took. */
  slow?: SlowWatch;
  /** Decides about every call. Without one, whoever the broker lets call is answered. */
  guard?: RpcGuard;
}

export interface RpcServer {
  /** Takes no new calls and waits for those under way. */
  stop(): Promise<void>;
}

/** Answers RPCs: one subject an operation, checked both ways. */
export function serveRpcs(options: RpcServerOptions): RpcServer {
  const { broker, service, handlers } = options;
  const meters = rpcMeters(options);
  const underWay = new Set<Promise<void>>();
  const subscriptions = handlers.map((handler) =>
    broker.connection.subscribe(serveSubject(handler.operation), {
      queue: service,
      callback: (error, message) => {
        if (error) {
          options.log.error({ err: error, operation: handler.operation }, 'the broker ended this RPC; does the access document grant it?');
          return;
        }
        const call = answer(handler, message, options, meters)
          .catch((problem: unknown) => options.log.warn({ err: problem, operation: handler.operation }, 'an answer could not be sent; its caller runs into a timeout'))
          .finally(() => underWay.delete(call));
        underWay.add(call);
      },
    }),
  );
  return {
    async stop() {
      // What the broker has sent here already comes yet; a broker that is away cannot say that this was all.
      const drained = Promise.allSettled(subscriptions.map((subscription) => subscription.drain()));
      await Promise.race([drained, delay(DRAIN_MS, undefined, { ref: false })]);
      await Promise.all(underWay);
    },
  };
}

async function answer(handler: RpcHandler, message: Msg, { log, guard }: RpcServerOptions, meters: RpcMeters): Promise<void> {
  const begun = performance.now();
  const said = saidBy(handler, message);
  try {
    const attributes = { 'rpc.system.name': 'nats', 'rpc.method': handler.operation, 'granary.input.bytes': message.data.byteLength };
    const body = await withTraceparent(said.traceparent, `rpc ${handler.operation}`, attributes, async (span) => {
      const request = parse(message);
      const context = await admit(guard, handler, request, said, meters);
      const response = await withContext({ ...workIdsOf(message), tenant: context.tenant, correlationId: context.correlationId }, () => call(handler, request, context));
      if (span.isRecording()) span.setAttribute('granary.output.bytes', Buffer.byteLength(response));
      return response;
    }, SpanKind.SERVER);
    message.respond(body);
    meters.answered(handler.operation, 'ok');
  } catch (error) {
    const fault = Fault.from(error);
    // A bug tells its story in the log; the caller learns that there was one.
    if (!isFault(error)) log.error({ err: error, operation: handler.operation }, 'rpc failed unexpectedly');
    const hdrs = headers();
    hdrs.set(RPC_HEADERS.fault, fault.code);
    message.respond(JSON.stringify(fault.toRecord()), { headers: hdrs });
    meters.answered(handler.operation, fault.kind);
  } finally {
    meters.timed(handler.operation, performance.now() - begun);
  }
}

/** The guard comes first: who may not call learns nothing of what a request has to look like. */
async function admit(guard: RpcGuard | undefined, { operation }: RpcHandler, request: unknown, { tenant, ...said }: Said, meters: RpcMeters): Promise<RpcContext> {
  if (!guard) return { ...said, tenant: tenant ?? 'default', access: null, repositories: 'all' };
  const admission = await guard.admit({ operation, request, tenant, token: said.token, correlationId: said.correlationId });
  if (admission.state === 'admitted') return { ...said, tenant: admission.tenant, access: admission.access, repositories: admission.repositories };
  meters.refused(admission.fault.code);
  throw admission.fault;
}

async function call(handler: RpcHandler, request: unknown, context: RpcContext): Promise<string> {
  const checked = checkRpc(handler.operation, 'request', request, 'tolerant');
  if (!checked.ok) throw Fault.permanent('invalid-request', `${handler.operation}: ${checked.problems.join('; ')}`);
  const response = await handler.handle(request as never, context);
  const answered = checkRpc(handler.operation, 'response', response, 'strict');
  if (!answered.ok) throw new Error(`${handler.operation} would answer against its contract: ${answered.problems.join('; ')}`);
  return JSON.stringify(response);
}

function parse(message: Msg): unknown {
  try {
    return message.json();
  } catch (error) {
    throw Fault.permanent('invalid-request', `the request is not JSON: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

/** What a message says of its call, before anybody has judged it. */
type Said = Omit<RpcContext, 'tenant' | 'access' | 'repositories'> & { readonly tenant: string | null };

function saidBy({ operation }: RpcHandler, message: Msg): Said {
  const header = (name: string) => message.headers?.get(name) || undefined;
  const traceparent = header(RPC_HEADERS.trace);
  // Of the subject the broker has made sure.
  const proven = rpcContracts[operation].callerInSubject ? message.subject.split('.').at(-1) : undefined;
  return {
    tenant: header(RPC_HEADERS.tenant) ?? null,
    correlationId: harmlessId(header(RPC_HEADERS.correlation), CORRELATION_ID) ?? randomUUID(),
    caller: proven ?? header(RPC_HEADERS.caller) ?? null,
    token: header(RPC_HEADERS.token) ?? null,
    ...(traceparent === undefined ? {} : { traceparent }),
  };
}

/** As contracts have them: `correlation-id` of shapes/values. */
const CORRELATION_ID = /^[!-~]{1,128}$/;

const workIdsOf = (message: Msg): WorkIds => readBaggage(message.headers?.get(RPC_HEADERS.baggage) || undefined);

function rpcMeters({ metrics = new Registry(), handlers, guard, slow = UNWATCHED }: RpcServerOptions) {
  const operations = handlers.map(({ operation }) => operation);
  const answered = createCounter<'operation' | 'outcome'>(metrics, { name: 'granary_rpc_answered_total', help: 'RPCs by operation and outcome', labels: { operation: operations, outcome: ['ok', 'transient', 'permanent'] } });
  const seconds = createHistogram<'operation'>(metrics, { name: 'granary_rpc_seconds', help: 'Time to answer an RPC', labels: { operation: operations }, buckets: [0.001, 0.005, 0.025, 0.1, 0.5, 2, 10] });
  // Not by operation, of which there would be as many series for each code: who was refused what is told to auth.
  const refused = createCounter<'code'>(metrics, { name: 'granary_rpc_refused_total', help: 'RPCs that the guard refused, by code', labels: { code: guard?.codes ?? [] } });
  return {
    refused: (code: string) => refused.inc({ code }),
    timed(operation: string, ms: number) {
      seconds.observe({ operation }, ms / 1_000);
      slow('rpc', operation, ms);
    },
    answered: (operation: string, outcome: string) => answered.inc({ operation, outcome }),
  };
}

type RpcMeters = ReturnType<typeof rpcMeters>;
