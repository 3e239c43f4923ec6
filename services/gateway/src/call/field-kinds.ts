import type { OpenSchema } from '@granary/contracts';

/** How the text of a URL becomes the value of a field. */
export type FieldKinds = Readonly<Record<string, 'text' | 'integer' | 'boolean' | 'list' | 'object'>>;

type Schemas = Readonly<Record<string, OpenSchema>>;

/** The kinds of the fields of a request. */
export function fieldKinds(request: OpenSchema | undefined, schemas: Schemas): FieldKinds {
  const properties = Object.entries((request?.['properties'] ?? {}) as Record<string, OpenSchema>);
  return Object.fromEntries(properties.map(([name, schema]) => [name, kindOf(schema, schemas)]));
}

function kindOf(schema: OpenSchema, schemas: Schemas): FieldKinds[string] {
  const { type } = resolve(schema, schemas);
  if (type === 'integer' || type === 'boolean' || type === 'object') return type;
  return type === 'array' ? 'list' : 'text';
}

/** What a `$ref` means; other schemas as they are. */
export function resolve(schema: OpenSchema, schemas: Schemas): OpenSchema {
  const ref = schema['$ref'];
  if (typeof ref !== 'string') return schema;
  const [id = '', pointer = ''] = ref.split('#');
  const root = schemas[id];
  const name = pointer.split('/')[2];
  return name === undefined ? (root ?? {}) : ((root?.['$defs'] as Record<string, OpenSchema> | undefined)?.[name] ?? {});
}
