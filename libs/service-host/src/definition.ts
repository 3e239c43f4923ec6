import type { Provider, Type } from '@nestjs/common';
import type { AccessDocument } from '@granary/contracts';
import type { Broker, RpcClient, RpcHandler, Subscription } from '@granary/messaging';
import type { Logger, Metrics, SlowKind, SlowWatch } from '@granary/observability';
import type { Database, DatabaseOptions } from '@granary/persistence';
import type { FastifyInstance, FastifyServerOptions } from 'fastify';
import type { Refusals } from './access/refusals.worker';
import type { Tokens, TrustSource } from './access/tokens.guard';
import type { BaseConfig } from './config/base-config';
import type { ConfigSchema } from './config/read-config';
import type { HealthCheck } from './health/health';
import type { Answer } from './health/vitals';
import type { HttpLimits } from './http/http-limits';

/** A service as the host sees it: what it needs, and how its parts meet. */
export interface ServiceDefinition<C extends object = object> {
  /** Its identity: the name of its access document, NATS user, role and (with `_` for `-`) schema. */
  readonly name: string;
  /** Its own settings, beside those that every service has. */
  readonly config: ConfigSchema<C>;
  readonly entities?: NonNullable<DatabaseOptions['entities']>;
  readonly migrations?: NonNullable<DatabaseOptions['migrations']>;
  /** `none` for a service that stores nothing: it gets no connection, no outbox, and needs no GRANARY_DATABASE_URL. */
  readonly database?: 'own' | 'none';
  /** `own` for auth, which says itself whom to believe; every other service asks auth, and is not ready before it knows. */
  readonly trust?: 'own' | 'auth';
  /** What it may publish, consume and serve; by default its document in `contracts/access`. */
  readonly access?: AccessDocument;
  /** How much its HTTP listener takes from clients; generous when left out, for a listener that only neighbours reach. */
  limits?(config: Readonly<C & BaseConfig>): HttpLimits;
  /** From how many milliseconds on its own work is slow, beside requests, calls, handlers and statements. */
  slow?(config: Readonly<C & BaseConfig>): Readonly<Partial<Record<SlowKind, number>>>;
  /** Called once, when broker and database are there and the schema is up to date. */
  wire(host: Host<C>): Wired | Promise<Wired>;
}

/** What a service is given to build its parts from. */
export interface Host<C extends object = object> {
  readonly name: string;
  readonly config: Readonly<C & BaseConfig>;
  readonly log: Logger;
  /** Throws when the definition says `database: 'none'`. */
  readonly database: Database;
  readonly broker: Broker;
  /** Sends the service's own access token, unless a call brings that of whoever it is made for. */
  readonly rpc: RpcClient;
  /** Judges the tokens of callers who come another way than by RPC. Throws when the definition says `trust: 'own'`. */
  readonly tokens: Tokens;
  readonly metrics: Metrics;
  /** Told of work that the host does not see. */
  readonly slow: SlowWatch;
  readonly tenant: string;
  /** Aborted when the service begins to stop, before anything of it has: for what would otherwise be waited for. */
  readonly stopping: AbortSignal;
  /** How the service does, in one line, with the HTTP status that says so. */
  health(): Promise<Answer>;
  now(): Date;
}

/** The parts of a service. What is left out, it does not have. */
export interface Wired {
  /** Exactly the event types that its access document lets it consume. */
  readonly subscriptions?: readonly Subscription[];
  /** Exactly the operations that its access document lets it serve; those on held events and refused announcements are added by the host. */
  readonly rpcs?: readonly RpcHandler[];
  /** With `trust: 'own'`: whom the guard believes, and who is told of what it refuses. */
  readonly trust?: TrustSource & Refusals;
  readonly tasks?: readonly Task[];
  readonly checks?: readonly HealthCheck[];
  /** Folders that it writes to, by the name under which it is told how much is free there. */
  readonly disks?: Readonly<Record<string, string>>;
  readonly controllers?: readonly Type[];
  /** What the controllers are given by Nest. */
  readonly providers?: readonly Provider[];
  /** Routes on a Fastify of its own, without Nest; instead of controllers. Measured and traced like those. */
  readonly routes?: Routes;
}

/** What a service with many routes says by itself: how Fastify is to be set up, and what it answers. */
export interface Routes {
  readonly options: Pick<FastifyServerOptions, 'bodyLimit' | 'trustProxy' | 'routerOptions' | 'frameworkErrors' | 'exposeHeadRoutes'>;
  register(http: FastifyInstance): Promise<void>;
}

/** Work that goes on beside events and requests. Started before the service is ready; stopped while broker and database are still there. */
export interface Task {
  readonly name: string;
  start(): Promise<void>;
  stop(): Promise<void>;
  /** For a task that takes work, or a lease on it: takes no more, and resolves when what it has is done. Without it the task goes on until it is stopped. */
  drain?(): Promise<void>;
}
