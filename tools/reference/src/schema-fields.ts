/** A JSON schema, as far as a reference tells of it. */
export interface Schema {
  readonly $ref?: string;
  readonly description?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
  readonly 'x-expects'?: string;
  readonly 'x-sensitivity'?: 'pii' | 'secret';
  readonly $defs?: Readonly<Record<string, Schema>>;
}

export interface Field {
  readonly name: string;
  readonly type: string;
  readonly required: boolean;
  readonly sensitivity: 'pii' | 'secret' | null;
  readonly description: string;
}

/** The schemas of shapes by their `$id`. */
export type Shapes = ReadonlyMap<string, Schema>;

/** The fields of an object, those of objects within it, too, as `files.total`; what is a shape of its own is named. */
export function fieldsOf(schema: Schema, shapes: Shapes, prefix = ''): Field[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const meant = resolve(field, shapes);
    const path = `${prefix}${name}`;
    const own: Field = {
      name: path,
      type: typeOf(field),
      required: schema.required?.includes(name) ?? false,
      sensitivity: field['x-sensitivity'] ?? meant['x-sensitivity'] ?? null,
      description: field.description ?? meant.description ?? '',
    };
    if (field.$ref !== undefined) return [own];
    const items = field.items && field.items.$ref === undefined ? fieldsOf(field.items, shapes, `${path}[].`) : [];
    return [own, ...fieldsOf(field, shapes, `${path}.`), ...items];
  });
}

function resolve(schema: Schema, shapes: Shapes): Schema {
  if (schema.$ref === undefined) return schema;
  const [id = '', path] = schema.$ref.split('#');
  const whole = shapes.get(id) ?? {};
  const name = path?.replace('/$defs/', '');
  return name === undefined ? whole : (whole.$defs?.[name] ?? {});
}

function typeOf(schema: Schema): string {
  if (schema.$ref !== undefined) return schema.$ref.replace(/^granary:shape\//, '').replace('values#/$defs/', '');
  const several = schema.anyOf ?? schema.oneOf;
  if (several) return several.map(typeOf).join(' or ');
  if (schema.enum) return schema.enum.map((value) => `\`${String(value)}\``).join(', ');
  if (schema.const !== undefined) return `\`${String(schema.const)}\``;
  if (schema.type === 'array') return `list of ${schema.items ? typeOf(schema.items) : 'anything'}`;
  return [schema.type ?? 'anything'].flat().join(' or ');
}
