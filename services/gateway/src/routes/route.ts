import type { RpcOperation } from '@granary/contracts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
/** A schema, parameter, response or anything else of an OpenAPI document, as it stands there. */
export type OpenApiPart = Readonly<Record<string, unknown>>;

interface RouteOf {
  readonly method: Method;
  /** As OpenAPI writes it: `/v1/jobs/{jobId}`. */
  readonly path: string;
  readonly tag: string;
  /** `token`: nobody is answered who is not known. `public`: who is not known is answered too, and more seldom. */
  readonly access: 'token' | 'public';
}

/** A route that is one call of a service. What it takes and answers stands in the contract of the operation. */
export interface CallRoute extends RouteOf {
  readonly operation: RpcOperation;
  /** Of success; of an answer whose field `created` is false it is 200. */
  readonly status: 200 | 201 | 202;
  /** Fields of the request that this route does not take. */
  readonly without: readonly string[];
  /** The field of the request that is always the caller's tenant. */
  readonly tenantField?: string;
  /** The field of the request that comes as the version in `If-Match`. */
  readonly versionField?: string;
  /** Where to find what was made, with fields of the answer: `/v1/jobs/{jobId}`. */
  readonly location?: string;
  /** How a list goes on. The log's lists go on at a position, which travels as a cursor. */
  readonly pages?: 'cursor' | 'position';
  /** `etag`: may be kept and asked for again. `never`: what is secret or about the moment. */
  readonly cache: 'etag' | 'never';
  /** The codes that the service refuses with, beside those that every route has. */
  readonly refusals: readonly string[];
  /** What a second request means when nobody knows what became of the first: `harmless`, or not to be risked. */
  readonly repeat: 'harmless' | 'once';
  /** The answer holds something that is shown once and kept nowhere. */
  readonly secret: boolean;
}

/** A route that the gateway answers itself; it brings its own description and its own handler. */
export interface OwnRoute extends RouteOf {
  /** The Operation Object of OpenAPI, without tags and security. Problems that every route has are added. */
  readonly document: OpenApiPart;
}

export type Route = CallRoute | OwnRoute;

export const isCall = (route: Route): route is CallRoute => 'operation' in route;

/** The names of a path's parameters, in order. */
export const pathParameters = (path: string): string[] => [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);

/** Fills `{…}` of a path. */
export const fillPath = (path: string, values: Readonly<Record<string, unknown>>): string => path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(values[name])));

/** What is different from a plain read or write. */
export type CallOptions = Partial<Omit<CallRoute, 'method' | 'path' | 'operation' | 'tag'>>;

/** A row of the table. Reads are cached by their content, writes never; nothing is public unless it says so. */
export function call(tag: string, method: Method, path: string, operation: RpcOperation, options: CallOptions = {}): CallRoute {
  return { method, path, tag, operation, access: 'token', status: 200, without: [], cache: method === 'GET' ? 'etag' : 'never', refusals: [], repeat: 'harmless', secret: false, ...options };
}
