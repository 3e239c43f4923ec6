import { requestProblems } from '@granary/contracts';
import type { Flaw } from '../problem/problem';
import { pathParameters, type CallRoute } from '../routes/route';
import type { FieldKinds } from './field-kinds';

/** What a client sent, before anything of it was believed. */
export interface Asked {
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string | string[]>>;
  readonly body: unknown;
  readonly ifMatch: string | undefined;
}

export type Reading = { readonly state: 'read'; readonly request: Record<string, unknown> } | { readonly state: 'flawed'; readonly flaws: readonly Flaw[] } | { readonly state: 'version-missing' };

/**
 * The request of a route's operation. Each field has one place where it may stand: the path, the query of a GET, the body of
 * others, or nowhere, when the gateway sets it. Whatever stands elsewhere or is unknown is refused, so that nobody sets by
 * chance or by intent what is not theirs to set.
 */
export function requestOf(route: CallRoute, kinds: FieldKinds, asked: Asked, tenant: string): Reading {
  const { fields, flaws } = collect(route, kinds, asked);
  if (flaws.length > 0) return { state: 'flawed', flaws };
  const version = versionOf(route, asked);
  if (version === 'missing') return { state: 'version-missing' };
  const request = { ...fields, ...version, ...(route.tenantField !== undefined && { [route.tenantField]: tenant }) };
  const problems = requestProblems(route.operation, request);
  if (problems.length === 0) return { state: 'read', request };
  return { state: 'flawed', flaws: problems.map(({ pointer, text }) => ({ in: placeOf(route, pointer), pointer, detail: text })) };
}

/** The fields that a client may set in query or body. */
export function openFields({ path, without, tenantField, versionField, pages }: CallRoute, kinds: FieldKinds): string[] {
  const closed = new Set([...pathParameters(path), ...without, tenantField, versionField, ...(pages === 'position' ? ['after', 'before'] : [])]);
  return [...Object.keys(kinds).filter((name) => !closed.has(name)), ...(pages === 'position' ? ['cursor'] : [])];
}

interface Collected {
  readonly fields: Record<string, unknown>;
  readonly flaws: readonly Flaw[];
}

function collect(route: CallRoute, kinds: FieldKinds, asked: Asked): Collected {
  const open = new Set(openFields(route, kinds));
  const path = pathParameters(route.path).map((name) => one('path', name, asked.params[name] ?? '', kinds[name]));
  const rest = route.method === 'GET' ? fromQuery(route, kinds, asked.query, open) : [...fromBody(asked.body, open), ...Object.keys(asked.query).map((name) => unknown('query', name))];
  const read = [...path, ...rest];
  return { fields: Object.fromEntries(read.flatMap((field) => ('value' in field ? [[field.name, field.value]] : []))), flaws: read.filter((field) => 'detail' in field) };
}

type Field = { readonly name: string; readonly value: unknown } | Flaw;

function fromQuery(route: CallRoute, kinds: FieldKinds, query: Asked['query'], open: ReadonlySet<string>): Field[] {
  return Object.entries(query).map(([name, value]) => {
    if (!open.has(name)) return unknown('query', name);
    if (name === 'cursor' && route.pages === 'position') return positionOf(value, query['order']);
    return one('query', name, value, kinds[name]);
  });
}

function fromBody(body: unknown, open: ReadonlySet<string>): Field[] {
  if (body === undefined || body === null) return [];
  if (typeof body !== 'object' || Array.isArray(body)) return [{ in: 'body', pointer: '', detail: 'the body must be a JSON object' }];
  return Object.entries(body).map(([name, value]) => (open.has(name) ? { name, value: value as unknown } : unknown('body', name)));
}

/** A text of the URL as the type that its field has. What does not fit stays as it is, for the contract to refuse. */
function one(place: 'path' | 'query', name: string, text: string | string[], kind: FieldKinds[string] | undefined): Field {
  if (kind === 'list') return { name, value: [text].flat() };
  if (Array.isArray(text)) return { in: place, pointer: pointerOf(name), detail: `${name} was given more than once` };
  if (kind === 'integer' && /^-?\d{1,16}$/.test(text)) return { name, value: Number(text) };
  if (kind === 'boolean' && (text === 'true' || text === 'false')) return { name, value: text === 'true' };
  return { name, value: text };
}

const unknown = (place: Flaw['in'], name: string): Flaw => ({ in: place, pointer: pointerOf(name), detail: `${name.slice(0, 64)} is not known here` });

const pointerOf = (name: string): string => `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;

/** A position of the log, as the cursor `<epoch>:<sequence>` that stands for it. */
export const cursorOf = ({ epoch, sequence }: { readonly epoch: number; readonly sequence: number }): string => `${epoch}:${sequence}`;

function positionOf(text: string | string[], order: unknown): Field {
  const [, epoch, sequence] = (typeof text === 'string' && /^(\d{1,15}):(\d{1,15})$/.exec(text)) || [];
  if (epoch === undefined) return { in: 'query', pointer: '/cursor', detail: 'cursor must be `next` of the answer before' };
  return { name: order === 'desc' ? 'before' : 'after', value: { epoch: Number(epoch), sequence: Number(sequence) } };
}

function versionOf({ versionField }: CallRoute, { ifMatch }: Asked): Record<string, number> | 'missing' {
  if (versionField === undefined) return {};
  const [, version] = /^"v(\d{1,15})(?:-[\w-]+)?"$/.exec(ifMatch?.trim() ?? '') ?? [];
  return version === undefined ? 'missing' : { [versionField]: Number(version) };
}

function placeOf(route: CallRoute, pointer: string): Flaw['in'] {
  const [, name = ''] = pointer.split('/');
  if (pathParameters(route.path).includes(name)) return 'path';
  return route.method === 'GET' ? 'query' : 'body';
}
