import { compile } from 'json-schema-to-typescript';
import type { Catalogue, EventVersion, RpcVersion } from '#generate/catalogue';
import { pascal, literal } from '#generate/names';
import type { Schema } from '#generate/schemas';
import { isSchema, mapSchema, resolveRef } from '#generate/schemas';
import { highest } from '#generate/versions';

/** The current version of each event type or operation. */
export function current<T extends EventVersion | RpcVersion>(versions: readonly T[], keyOf: (version: T) => string): T[] {
  const keys = [...new Set(versions.map(keyOf))].sort();
  return keys.flatMap((key) => highest(versions.filter((version) => keyOf(version) === key)) ?? []);
}

/** The text of types.ts: every shape, event and RPC by a name of its own. */
export async function typesText(catalogue: Catalogue): Promise<string> {
  const events = current(catalogue.events, ({ type }) => type);
  const rpcs = current(catalogue.rpcs, ({ name }) => name);
  const named = [
    ...catalogue.shapes.flatMap(({ name, schema }) => [...definitionsOf(schema), { name, schema, root: schema }]).filter(({ schema }) => hasName(schema)),
    ...events.map(({ type, schema }) => ({ name: `${type}.data`, schema, root: schema })),
    ...rpcs.flatMap(({ name, request, response }) => [{ name: `${name}.request`, schema: request, root: request }, { name: `${name}.response`, schema: response, root: response }]),
  ].map((item) => ({ ...item, name: pascal(item.name) }));
  refuseTwins(named.map(({ name }) => name));
  const bodies: string[] = [];
  for (const { name, schema, root } of named) bodies.push(await typeText(name, schema, root, catalogue.byId));
  return [...bodies, shapeTexts(catalogue.shapes.filter(({ schema }) => hasName(schema))), eventTexts(events), rpcTexts(rpcs)].join('\n');
}

// A list of words has a name when it is a shape of its own; as one of the single values it is written out where it is used.
const hasName = (schema: Schema): boolean => schema['type'] === 'object' || schema['anyOf'] !== undefined || (schema['enum'] !== undefined && schema['$id'] !== undefined);

function definitionsOf(root: Schema): { name: string; schema: Schema; root: Schema }[] {
  return isSchema(root['$defs']) ? Object.entries(root['$defs']).flatMap(([name, schema]) => (isSchema(schema) ? [{ name, schema, root }] : [])) : [];
}

function refuseTwins(names: readonly string[]): void {
  const twins = names.filter((name, index) => names.indexOf(name) !== index);
  if (twins.length > 0) throw new Error(`two schemas would both become the type ${twins.join(', ')}; rename one of them`);
}

async function typeText(name: string, schema: Schema, root: Schema, byId: Catalogue['byId']): Promise<string> {
  const body = Object.fromEntries(Object.entries(schema).filter(([keyword]) => !['$defs', '$id', 'title'].includes(keyword)));
  const text = await compile(withoutRefs(body, root, byId), name, { bannerComment: '', additionalProperties: true, ignoreMinAndMaxItems: true, style: { singleQuote: true, printWidth: 120 } });
  const parameters = schema['x-type-parameters'];
  return typeof parameters === 'string' ? text.replace(`export interface ${name} {`, `export interface ${name}<${parameters}> {`) : text;
}

// References to shapes become the shape's type; references to single values become the value.
function withoutRefs(schema: Schema, root: Schema, byId: Catalogue['byId']): Schema {
  return mapSchema(schema, ({ $ref: ref, ...rest }) => {
    const found = typeof ref === 'string' ? resolveRef(ref, root, byId) : undefined;
    if (!found) return rest;
    return hasName(found.target) ? { ...rest, tsType: pascal(found.name) } : { ...found.target, ...rest };
  });
}

function shapeTexts(shapes: Catalogue['shapes']): string {
  return `/** The shapes that have a name of their own. */
export interface Shapes {
${shapes.map(({ name }) => `  ${literal(name)}: ${pascal(name)};\n`).join('')}}

export type ShapeName = keyof Shapes;
`;
}

function eventTexts(events: readonly EventVersion[]): string {
  const rows = events.map(({ type }) => `  ${literal(type)}: ${pascal(type)}Data;\n`).join('');
  const aliases = events.map(({ type }) => `export type ${pascal(type)} = EventOf<${literal(type)}>;\n`).join('');
  return `/** The data of each event type. */
export interface EventData {
${rows}}

export type EventType = keyof EventData;

/** A whole event of one type: its envelope and its data. */
export type EventOf<T extends EventType> = Envelope<T, EventData[T]>;

${aliases}`;
}

function rpcTexts(rpcs: readonly RpcVersion[]): string {
  const rows = rpcs
    .flatMap(({ name, operations }) => operations.map((operation) => ({ operation, row: `  ${literal(operation)}: { request: ${pascal(name)}Request; response: ${pascal(name)}Response };\n` })))
    .sort((a, b) => (a.operation < b.operation ? -1 : 1));
  return `/** Request and response of each operation. */
export interface RpcShapes {
${rows.map(({ row }) => row).join('')}}

export type RpcOperation = keyof RpcShapes;
`;
}
