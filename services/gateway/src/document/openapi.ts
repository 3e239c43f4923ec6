import { rpcContracts, RPC_PERMISSIONS, type OpenSchema } from '@granary/contracts';
import { fieldKinds } from '../call/field-kinds';
import { openFields } from '../call/request-of';
import { isCall, pathParameters, type CallRoute, type OpenApiPart, type OwnRoute, type Route } from '../routes/route';
import { collectComponents, type Components } from './components';
import { refusalsOf, takesIdempotencyKey } from './refusals';

export interface DocumentOptions {
  readonly routes: readonly Route[];
  readonly schemas: Readonly<Record<string, OpenSchema>>;
  readonly version: string;
}

/** The OpenAPI 3.1 document of some routes. The same routes and contracts give the same document. */
export function openApiDocument({ routes, schemas, version }: DocumentOptions): OpenApiPart {
  const components = collectComponents(schemas);
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of routes) (paths[route.path] ??= {})[route.method.toLowerCase()] = operationOf(route, schemas, components);
  return {
    openapi: '3.1.0',
    info: { title: 'Granary', version, description: ABOUT },
    servers: [{ url: '/' }],
    tags: [...new Set(routes.map(({ tag }) => tag))].map((name) => ({ name })),
    paths,
    components: { schemas: { ...components.all(), Problem: PROBLEM }, securitySchemes: { bearer: { type: 'http', scheme: 'bearer', description: 'An access token, or an API key (`gran_…`).' } } },
  };
}

const ABOUT = [
  'Repositories, their graphs and findings, the event log, and who may do what.',
  'Everybody acts in the tenant of their token. What belongs to another tenant is not found.',
  'Problems are those of RFC 9457; programs compare `code`, which is stable.',
  'A list ends with `next`, null on the last page: pass it as `cursor`, or follow the `Link` header.',
  'Writes take an `Idempotency-Key`: the same key with the same request gives the same answer and does nothing twice, for a day.',
].join('\n\n');

function operationOf(route: Route, schemas: DocumentOptions['schemas'], components: Components): OpenApiPart {
  const own = isCall(route) ? callOf(route, schemas, components) : route.document;
  return {
    tags: [route.tag],
    operationId: operationId(route),
    ...own,
    security: route.access === 'token' ? [{ bearer: [] }] : [],
    responses: { ...problemsOf(route), ...ownResponses(own['responses'] as Record<string, OpenApiPart>), default: problem('What nobody foresaw: the log has it under the id in `instance`.') },
  };
}

/** `GET /v1/jobs/{jobId}` → `getJobsByJobId`. */
function operationId({ method, path }: Route): string {
  const words = path.replace(/^\/v1\//, '').split(/[/.-]/).map((part) => (part.startsWith('{') ? `by-${part.slice(1, -1)}` : part)).join('-').split('-');
  return method.toLowerCase() + words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
}

function callOf(route: CallRoute, schemas: DocumentOptions['schemas'], components: Components): OpenApiPart {
  const { operation } = route;
  const { request: requestId, response: responseId, description } = rpcContracts[operation];
  const request = schemas[requestId] ?? {};
  const { permission } = RPC_PERMISSIONS[operation];
  const needs = permission === 'none' ? '' : permission === 'any' ? ' Any valid token is enough to ask.' : ` Needs \`${permission}\`.`;
  const parameters = [...fieldParameters(route, request, requestId, schemas, components), ...headerParameters(route)];
  const body = route.method === 'GET' ? null : bodyOf(route, request, requestId, schemas, components);
  return {
    summary: description,
    description: `\`${operation}\`.${needs}`,
    'x-granary-operation': operation,
    ...(parameters.length > 0 && { parameters }),
    ...(body && { requestBody: body }),
    responses: successOf(route, components.refer(responseId), schemas[responseId] ?? {}, responseId, components),
  };
}

function fieldParameters(route: CallRoute, request: OpenSchema, home: string, schemas: DocumentOptions['schemas'], components: Components): OpenApiPart[] {
  const properties = (request['properties'] ?? {}) as Record<string, OpenSchema>;
  const required = new Set((request['required'] ?? []) as string[]);
  const kinds = fieldKinds(request, schemas);
  const parameter = (place: 'path' | 'query', name: string): OpenApiPart => {
    const schema = name === 'cursor' && route.pages === 'position' ? POSITION : (properties[name] ?? {});
    const { description, ...rest } = components.take(schema, home);
    return { name, in: place, required: place === 'path' || required.has(name), ...(description !== undefined && { description }), schema: rest, ...(kinds[name] === 'list' && { style: 'form', explode: true }) };
  };
  const query = route.method === 'GET' ? openFields(route, kinds) : [];
  return [...pathParameters(route.path).map((name) => parameter('path', name)), ...query.map((name) => parameter('query', name))];
}

const POSITION: OpenSchema = { description: '`next` of the page before.', type: 'string', pattern: '^\\d{1,15}:\\d{1,15}$' };

function headerParameters(route: CallRoute): OpenApiPart[] {
  const header = (name: string, required: boolean, description: string, schema: OpenApiPart = { type: 'string' }) => ({ name, in: 'header', required, description, schema });
  return [
    ...(route.cache === 'etag' ? [header('If-None-Match', false, 'ETags of what you have; 304 when it is still the same.')] : []),
    ...(route.versionField === undefined ? [] : [header('If-Match', true, 'The ETag of what the change is based on, or only its version: `"v3"`.', { type: 'string', pattern: '^"v\\d{1,15}(-[\\w-]+)?"$' })]),
    ...(takesIdempotencyKey(route) ? [header('Idempotency-Key', false, 'Up to 255 printable characters that no other request of yours has.', { type: 'string', pattern: '^[!-~]{1,255}$' })] : []),
  ];
}

function bodyOf(route: CallRoute, request: OpenSchema, home: string, schemas: DocumentOptions['schemas'], components: Components): OpenApiPart | null {
  const fields = openFields(route, fieldKinds(request, schemas));
  if (fields.length === 0) return null;
  const properties = (request['properties'] ?? {}) as Record<string, OpenSchema>;
  const required = ((request['required'] ?? []) as string[]).filter((name) => fields.includes(name));
  const schema = components.take({ type: 'object', additionalProperties: false, ...(required.length > 0 && { required }), properties: Object.fromEntries(fields.map((name) => [name, properties[name] ?? {}])) }, home);
  return { required: required.length > 0, content: { 'application/json': { schema } } };
}

function successOf(route: CallRoute, reference: OpenApiPart, response: OpenSchema, home: string, components: Components): OpenApiPart {
  const schema = route.pages === 'position' ? components.take(withTextCursor(response), home) : reference;
  const headers = {
    'X-Request-Id': textHeader('The id of the request, as in the logs.'),
    ...(route.cache === 'etag' && { ETag: textHeader('Strong: other content, other tag.') }),
    ...(route.pages && { Link: textHeader('The next page, `rel="next"`; missing on the last.') }),
    ...(route.location !== undefined && { Location: textHeader('Where to look how it goes on.') }),
  };
  const success = { description: String(response['description'] ?? 'The answer.'), headers, content: { 'application/json': { schema } } };
  const known = 'created' in ((response['properties'] ?? {}) as object) ? { 200: { ...success, description: 'It was there already, and is as before.' } } : {};
  return { ...known, [route.status]: success, ...(route.cache === 'etag' && { 304: { description: 'It is still what `If-None-Match` names.' } }) };
}

const withTextCursor = (response: OpenSchema): OpenSchema => ({ ...response, properties: { ...(response['properties'] as object), next: { description: 'The cursor of the next page, null on the last.', anyOf: [{ type: 'string' }, { type: 'null' }] } } });

function problemsOf(route: CallRoute | OwnRoute): OpenApiPart {
  return Object.fromEntries([...refusalsOf(route)].map(([status, codes]) => [status, problem(codes.map((code) => `\`${code}\``).join(', '), headersOf(status))]));
}

/** A route that describes itself says of a problem only what it means. */
const ownResponses = (responses: Readonly<Record<string, OpenApiPart>>): OpenApiPart =>
  Object.fromEntries(Object.entries(responses).map(([status, response]) => [status, Number(status) >= 400 && !('content' in response) ? problem(String(response['description']), headersOf(Number(status))) : response]));

function problem(description: string, headers: OpenApiPart = {}): OpenApiPart {
  return { description, headers: { 'X-Request-Id': textHeader('The id of the request, as in the logs.'), ...headers }, content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } } };
}

function headersOf(status: number): OpenApiPart {
  if (status === 401 || status === 403) return { 'WWW-Authenticate': textHeader('RFC 6750.') };
  if (status === 429 || status === 503 || status === 504) return { 'Retry-After': textHeader('In seconds.') };
  return {};
}

const textHeader = (description: string): OpenApiPart => ({ description, schema: { type: 'string' } });

const PROBLEM: OpenApiPart = {
  description: 'What went wrong (RFC 9457).',
  type: 'object',
  additionalProperties: false,
  required: ['type', 'title', 'status', 'detail', 'instance', 'code'],
  properties: {
    type: { const: 'about:blank' },
    title: { type: 'string', description: 'The status in words.' },
    status: { type: 'integer', minimum: 400, maximum: 599 },
    detail: { type: 'string', description: 'What happened, why, and what to do, for people.' },
    instance: { type: 'string', pattern: '^urn:granary:request:', description: 'The id of the request.' },
    code: { type: 'string', pattern: '^[a-z0-9]+(-[a-z0-9]+)*$', description: 'What happened, for programs. Stable.' },
    errors: {
      type: 'array',
      description: 'The wrong fields.',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['in', 'pointer', 'detail'],
        properties: { in: { enum: ['path', 'query', 'header', 'body'] }, pointer: { type: 'string', description: 'A JSON pointer into the body, or `/<name>` of a parameter.' }, detail: { type: 'string' } },
      },
    },
  },
};
