import type { Catalogue } from '#generate/catalogue';
import { literal } from '#generate/names';
import type { Schema } from '#generate/schemas';
import { OF_REQUESTS, mapSchema } from '#generate/schemas';
import { current } from '#generate/types';

// What only generators and refusals read. The rest, with its descriptions, is for people and their tools.
const INTERNAL = new Set(['$schema', 'tsType', 'x-expects', 'x-type-parameters', ...OF_REQUESTS]);

/** The text of open-schemas.js: the schemas that describe calls to others, by their id. */
export function openSchemasText({ byId, rpcs, events }: Catalogue): string {
  const ids = [
    ...[...byId.keys()].filter((id) => id.startsWith('granary:shape/')),
    ...current(rpcs, ({ name }) => name).flatMap(({ request, response }) => [String(request['$id']), String(response['$id'])]),
    ...current(events, ({ type }) => type).map(({ id }) => id),
  ].sort();
  const schemas = Object.fromEntries(ids.map((id) => [id, mapSchema(byId.get(id) ?? {}, readable)]));
  return `exports.openSchemas = ${literal(schemas)};
`;
}

/** The text of open-schemas.d.ts. */
export const openSchemasDeclaration = `/** A JSON Schema 2020-12. */
export interface OpenSchema {
  readonly [keyword: string]: unknown;
}

/** Shapes and the current versions of requests, answers and event data, by \`$id\`, with their descriptions. */
export declare const openSchemas: Readonly<Record<string, OpenSchema>>;
`;

const readable = (schema: Schema): Schema => Object.fromEntries(Object.entries(schema).filter(([keyword]) => !INTERNAL.has(keyword)));
