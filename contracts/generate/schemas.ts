/** A JSON value. */
export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };
/** A JSON Schema 2020-12 as it was parsed. */
export interface Schema {
  [keyword: string]: Json;
}

// Keywords whose value is a map of schemas by a free name, which must not be taken for keywords.
const SCHEMA_MAPS = new Set(['properties', 'patternProperties', '$defs', 'dependentSchemas']);
const SCHEMA_LISTS = new Set(['anyOf', 'oneOf', 'allOf', 'prefixItems']);
const SCHEMAS = new Set(['items', 'additionalProperties', 'unevaluatedProperties', 'unevaluatedItems', 'propertyNames', 'contains', 'not', 'if', 'then', 'else']);
/** Keywords that mean something at the top of a request, and nowhere else. */
export const OF_REQUESTS: readonly string[] = ['x-permission', 'x-repository', 'x-caller-in-subject'];
const ANNOTATIONS = new Set(['$schema', 'title', 'description', 'examples', 'default', 'deprecated', 'tsType', 'x-expects', 'x-sensitivity', 'x-deprecated-until', 'x-type-parameters', ...OF_REQUESTS]);

export const isSchema = (value: Json | undefined): value is Schema => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Rebuilds a schema from the inside out; `change` sees every schema in it once and never a property's name or an example. */
export function mapSchema(schema: Schema, change: (schema: Schema) => Schema): Schema {
  const inner = (value: Json): Json => (isSchema(value) ? mapSchema(value, change) : value);
  const entries = Object.entries(schema).map(([keyword, value]): [string, Json] => {
    if (SCHEMA_MAPS.has(keyword) && isSchema(value)) return [keyword, Object.fromEntries(Object.entries(value).map(([name, item]) => [name, inner(item)]))];
    if (SCHEMA_LISTS.has(keyword) && Array.isArray(value)) return [keyword, value.map(inner)];
    if (SCHEMAS.has(keyword)) return [keyword, inner(value)];
    return [keyword, value];
  });
  return change(Object.fromEntries(entries));
}

/** The reader's form of a schema: what it does not know is ignored. Maps keep the schema of their values. */
export const tolerant = (schema: Schema): Schema =>
  mapSchema(schema, (inner) => Object.fromEntries(Object.entries(inner).filter(([keyword, value]) => !(/^(additional|unevaluated)Properties$/.test(keyword) && value === false))));

/** The schema without what only people and generators read; it validates the same. */
export const bare = (schema: Schema): Schema => mapSchema(schema, (inner) => Object.fromEntries(Object.entries(inner).filter(([keyword]) => !ANNOTATIONS.has(keyword))));

/** Every `$ref` of a schema, in the order of the text. */
export function refsOf(schema: Schema): string[] {
  const refs: string[] = [];
  mapSchema(schema, (inner) => {
    if (typeof inner['$ref'] === 'string') refs.push(inner['$ref']);
    return inner;
  });
  return refs;
}

/** Finds the schema that a `$ref` of the schema `from` means; undefined when there is none. */
export function resolveRef(ref: string, from: Schema, byId: ReadonlyMap<string, Schema>): { target: Schema; root: Schema; name: string } | undefined {
  const [id = '', pointer = ''] = ref.split('#');
  const root = id === '' ? from : byId.get(id);
  if (!root) return undefined;
  if (pointer === '') return { target: root, root, name: id.split('/').at(-1) ?? id };
  const name = /^\/\$defs\/([^/]+)$/.exec(pointer)?.[1];
  const definitions = root['$defs'];
  const target = name !== undefined && isSchema(definitions) ? definitions[name] : undefined;
  return name !== undefined && isSchema(target) ? { target, root, name } : undefined;
}

/** The schema of the field that a JSON pointer into a value of `schema` names, through references; undefined when there is none. Fields with `/` or `~` in their names are not looked for. */
export function fieldAt(schema: Schema, pointer: string, byId: ReadonlyMap<string, Schema>): Schema | undefined {
  let at: { target: Schema; root: Schema } | undefined = { target: schema, root: schema };
  for (const name of pointer.split('/').slice(1)) {
    const ref: Json | undefined = at.target['$ref'];
    at = typeof ref === 'string' ? resolveRef(ref, at.root, byId) : at;
    const properties: Json | undefined = at?.target['properties'];
    const field: Json | undefined = isSchema(properties) && Object.hasOwn(properties, name) ? properties[name] : undefined;
    if (!at || !isSchema(field)) return undefined;
    at = { target: field, root: at.root };
  }
  return at.target;
}

/** A field marked `x-sensitivity`; `*` in the pointer is any item of a list. */
export interface SensitiveField {
  pointer: string;
  sensitivity: string;
}

/** The sensitive fields of a schema, through its references, sorted by pointer. */
export function sensitiveFields(schema: Schema, byId: ReadonlyMap<string, Schema>): SensitiveField[] {
  const found = new Map<string, string>();
  const visit = (value: Json | undefined, root: Schema, pointer: string, above: readonly Schema[]): void => {
    if (!isSchema(value) || above.includes(value)) return;
    const path = [...above, value];
    if (typeof value['x-sensitivity'] === 'string') found.set(pointer, value['x-sensitivity']);
    const target = typeof value['$ref'] === 'string' ? resolveRef(value['$ref'], root, byId) : undefined;
    if (target) visit(target.target, target.root, pointer, path);
    if (isSchema(value['properties'])) {
      for (const [name, field] of Object.entries(value['properties'])) visit(field, root, `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`, path);
    }
    for (const many of ['items', 'additionalProperties']) visit(value[many], root, `${pointer}/*`, path);
    for (const list of SCHEMA_LISTS) {
      const branches = value[list];
      if (Array.isArray(branches)) branches.forEach((branch) => visit(branch, root, pointer, path));
    }
  };
  visit(schema, schema, '', []);
  return [...found].map(([pointer, sensitivity]) => ({ pointer, sensitivity })).sort((a, b) => (a.pointer < b.pointer ? -1 : 1));
}
