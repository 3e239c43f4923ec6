import type { OpenSchema } from '@granary/contracts';
import type { OpenApiPart } from '../routes/route';

type Schemas = Readonly<Record<string, OpenSchema>>;

/** Collects the schemas that a document refers to, under names that OpenAPI allows. */
export interface Components {
  /** The schema of a contract as a document may hold it: each `$ref` leads to a component. */
  take(schema: OpenSchema, home: string): OpenApiPart;
  /** A reference to a whole contract or shape. */
  refer(id: string): OpenApiPart;
  /** Everything that was referred to, sorted by name. */
  all(): Record<string, OpenApiPart>;
}

export function collectComponents(schemas: Schemas): Components {
  const taken = new Map<string, OpenApiPart>();

  function refer(id: string, definition?: string): OpenApiPart {
    const name = componentName(id, definition);
    const root = schemas[id];
    const schema = definition === undefined ? root : (root?.['$defs'] as Schemas | undefined)?.[definition];
    if (!schema) throw new Error(`there is no schema ${id}${definition === undefined ? '' : `#/$defs/${definition}`}: run \`npm run generate\``);
    if (!taken.has(name)) {
      // Noted first, because a schema may refer to itself.
      taken.set(name, {});
      taken.set(name, take(schema, id));
    }
    return { $ref: `#/components/schemas/${name}` };
  }

  const take = (schema: OpenSchema, home: string): OpenApiPart => rewrite(schema, home) as OpenApiPart;

  function rewrite(value: unknown, home: string): unknown {
    if (Array.isArray(value)) return value.map((one: unknown) => rewrite(one, home));
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value).filter(([keyword]) => keyword !== '$id' && keyword !== '$defs');
    const { $ref, ...rest } = Object.fromEntries(entries.map(([keyword, inner]) => [keyword, keyword === '$ref' ? inner : rewrite(inner, home)])) as Record<string, unknown>;
    if (typeof $ref !== 'string') return rest;
    const [id = '', pointer = ''] = $ref.split('#');
    return { ...refer(id === '' ? home : id, pointer.split('/')[2]), ...rest };
  }

  return { take, refer: (id) => refer(id), all: () => Object.fromEntries([...taken].sort(([a], [b]) => (a < b ? -1 : 1))) };
}

/** `granary:shape/job` → `job`, `granary:shape/values#/$defs/id` → `values.id`, `granary:rpc/held/list/1.0.0/response` → `held.list.response`. */
function componentName(id: string, definition?: string): string {
  const parts = id.replace(/^granary:(shape|rpc|event)\//, '').split('/').filter((part) => !/^\d+\.\d+\.\d+$/.test(part));
  return [...parts, ...(definition === undefined ? [] : [definition])].join('.');
}
