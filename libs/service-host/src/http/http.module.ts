import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { DynamicModule, INestApplication, LoggerService, Provider, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Fault } from '@granary/faults';
import type { Logger, Metrics, SlowWatch } from '@granary/observability';
import Fastify, { type FastifyInstance } from 'fastify';
import type { Routes } from '../definition';
import type { Vitals } from '../health/vitals';
import { answerToClientError, type HttpLimits } from './http-limits';
import { createRequestMeter, measureRequests, redactRefusals, traceRequests } from './instrument.module';
import { METRICS, SystemController, VITALS } from './system.controller';

export interface HttpOptions {
  readonly host: string;
  readonly port: number;
  readonly tenant: string;
  readonly vitals: Vitals;
  readonly metrics: Metrics;
  readonly log: Logger;
  /** Told how long each request took. */
  readonly slow: SlowWatch;
  readonly newId: () => string;
  readonly limits?: HttpLimits;
}

/** The routes of a service, when Nest is to find them. */
export interface NestRoutes {
  readonly controllers: readonly Type[];
  readonly providers: readonly Provider[];
}

export interface HttpServer {
  readonly url: string;
  /** Opens the service's own routes; until then they answer 503. */
  open(routes: Routes | NestRoutes): Promise<void>;
  /** Closes them again: new requests are answered with 503, those under way have a second to end. */
  shut(): Promise<void>;
  /** Takes no new connections, lets requests end for a second, then ends them. */
  close(): Promise<void>;
}

type Listener = (request: IncomingMessage, response: ServerResponse) => void;

const SYSTEM_PATH = /^\/(?:health|metrics)(?:[/?]|$)/;
const LINGER_MS = 1_000;

class HostModule {}

/**
 * One listener for two Nest applications: health and metrics answer from the first moment of the process, the service's
 * own routes only once everything they need is there.
 * @throws Fault `port-taken`
 */
export async function startHttp(options: HttpOptions): Promise<HttpServer> {
  const { vitals, metrics, log, slow } = options;
  const meter = createRequestMeter(metrics, slow);
  const applications: { close(): Promise<unknown> }[] = [];
  const closed: Listener = (_request, response) => {
    meter.closed();
    notOpen(vitals, response);
  };
  const underWay = new Set<ServerResponse>();
  let routes = closed;

  const server = listener(options, (request, response) => (SYSTEM_PATH.test(request.url ?? '') ? system : routes)(request, response));

  const application = async (creating: Promise<Application>) => {
    const { app, listener } = await creating;
    applications.push(app);
    return listener;
  };
  const system = await application(createApplication(server, systemModule(vitals, metrics), (http) => measureRequests(http, meter), log));
  const instrument = (http: FastifyInstance) => {
    measureRequests(http, meter);
    traceRequests(http, options);
  };
  await listen(server, options);
  const openRoutes = async (wanted: Routes | NestRoutes): Promise<Listener> => {
    if ('register' in wanted) return application(createPlain(server, wanted, instrument, options.newId));
    return wanted.controllers.length === 0 ? system : application(createApplication(server, routesModule(wanted), instrument, log));
  };
  return {
    url: `http://${options.host.includes(':') ? `[${options.host}]` : options.host}:${(server.address() as AddressInfo).port}`,
    async open(wanted) {
      const own = await openRoutes(wanted);
      routes = (request, response) => {
        underWay.add(response);
        response.once('close', () => underWay.delete(response));
        own(request, response);
      };
    },
    async shut() {
      routes = closed;
      const ends = Promise.allSettled([...underWay].map((response) => once(response, 'close')));
      await Promise.race([ends, delay(LINGER_MS, undefined, { ref: false })]);
    },
    async close() {
      await closeServer(server);
      for (const app of applications.reverse()) await app.close();
    },
  };
}

const systemModule = (vitals: Vitals, metrics: Metrics): DynamicModule => ({
  module: HostModule,
  controllers: [SystemController],
  providers: [
    { provide: VITALS, useValue: vitals },
    { provide: METRICS, useValue: metrics },
  ],
});

const routesModule = ({ controllers, providers }: NestRoutes): DynamicModule => ({ module: HostModule, controllers: [...controllers], providers: [...providers] });

interface Application {
  readonly app: { close(): Promise<unknown> };
  readonly listener: Listener;
}

async function createApplication(server: Server, module: DynamicModule, instrument: (http: FastifyInstance) => void, log: Logger): Promise<Application> {
  const { serverFactory, listener } = sharing(server);
  const adapter = new FastifyAdapter({ serverFactory });
  instrument(adapter.getInstance());
  redactRefusals(adapter.getInstance());
  const app: INestApplication = await NestFactory.create<NestFastifyApplication>(module, adapter, { logger: nestLogger(log), abortOnError: false });
  await app.init();
  await adapter.getInstance().ready();
  return { app, listener: listener() };
}

async function createPlain(server: Server, { options, register }: Routes, instrument: (http: FastifyInstance) => void, newId: () => string): Promise<Application> {
  const { serverFactory, listener } = sharing(server);
  // What cannot be read as a request gets no id by tracing.
  const http = Fastify({ ...options, serverFactory, genReqId: newId });
  instrument(http);
  redactRefusals(http);
  await register(http);
  await http.ready();
  return { app: http, listener: listener() };
}

/** Lets a Fastify answer requests of a server that it does not own. */
function sharing(server: Server): { serverFactory: (handler: Listener) => Server; listener: () => Listener } {
  let listener: Listener | undefined;
  return {
    serverFactory(handler) {
      listener = handler;
      return server;
    },
    listener: () => listener as Listener,
  };
}

function listener({ limits }: HttpOptions, answer: Listener): Server {
  // How often Node looks for requests that take too long decides how late they end.
  const server = createServer(limits ? { maxHeaderSize: limits.headerBytes, headersTimeout: limits.headersMs, requestTimeout: limits.requestMs, connectionsCheckingInterval: Math.min(1_000, limits.headersMs) } : {}, answer);
  // Longer than load balancers keep idle connections, which would otherwise meet one that closes.
  server.keepAliveTimeout = limits?.idleMs ?? 72_000;
  if (limits) server.maxConnections = limits.connections;
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (socket.writable) socket.end(answerToClientError(error.code));
    else socket.destroy();
  });
  return server;
}

/** Nest's own messages: what it builds is of interest only when debugging. */
function nestLogger(log: Logger): LoggerService {
  const write = (level: 'debug' | 'warn' | 'error') => (message: unknown, ...rest: unknown[]) => {
    const error = [message, ...rest].find((one) => one instanceof Error);
    log[level]({ nest: rest.filter((one) => typeof one === 'string'), ...(error === undefined ? {} : { err: error }) }, String(message));
  };
  return { log: write('debug'), debug: write('debug'), verbose: write('debug'), warn: write('warn'), error: write('error'), fatal: write('error') };
}

function notOpen(vitals: Vitals, response: ServerResponse): void {
  const { body } = vitals.ready();
  response.writeHead(503, { 'content-type': 'application/json; charset=utf-8', 'retry-after': '1' }).end(JSON.stringify(body));
}

async function listen(server: Server, { host, port }: HttpOptions): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  }).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'EADDRINUSE') throw Fault.permanent('port-taken', `another program listens on ${host}:${port}: choose another GRANARY_HTTP_PORT, or 0 for any free one`, { cause });
    throw Fault.permanent('cannot-listen', `cannot listen on ${host}:${port} (${cause.code ?? cause.message}): check GRANARY_HTTP_HOST and GRANARY_HTTP_PORT`, { cause });
  });
}

async function closeServer(server: Server): Promise<void> {
  const timer = setTimeout(() => server.closeAllConnections(), LINGER_MS);
  await new Promise<void>((resolve) => server.close(() => resolve()));
  clearTimeout(timer);
}
