import { Fault } from '@granary/faults';
import type { Client } from 'pg';
import type { SchemaShape } from '../manifest';

/** A table with rows of its own. */
export interface Table {
  readonly schema: string;
  readonly table: string;
  /** Those that are stored, without those that PostgreSQL computes. */
  readonly columns: readonly string[];
}

export interface Shape {
  readonly schemas: readonly SchemaShape[];
  readonly tables: readonly Table[];
  /** Names in full. */
  readonly sequences: readonly { readonly schema: string; readonly sequence: string }[];
}

interface Relation {
  oid: string;
  schema: string;
  name: string;
  full: string;
  kind: string;
  unlogged: boolean;
  options: string | null;
  partitionKey: string | null;
  parent: string | null;
  bound: string | null;
  depth: number;
  rowSecurity: boolean;
  forced: boolean;
}

interface Column {
  relation: string;
  name: string;
  type: string;
  required: boolean;
  fallback: string | null;
  generated: string;
  identity: string;
  identityOptions: string | null;
  collation: string | null;
  storage: string | null;
}

/** A statement, whose schema it belongs to, and when it comes. */
interface Statement {
  schema: string;
  statement: string;
}

/** Those of the schemas that the database has. */
export async function presentSchemas(client: Client, schemas: readonly string[]): Promise<string[]> {
  const { rows } = await client.query<{ schema: string }>('select nspname as schema from pg_namespace where nspname = any($1::text[]) order by 1', [schemas]);
  return rows.map(({ schema }) => schema);
}

/**
 * Reads from the catalogue how schemas are made, and says it in statements that make them anew. It knows what migrations of
 * ours use; of anything else it says so instead of leaving it out. Faults: permanent `backup-unknown-object`.
 */
export async function readShape(client: Client, schemas: readonly string[]): Promise<Shape> {
  const rows = async <R extends object>(sql: string): Promise<R[]> => (await client.query<R>(sql, [schemas])).rows;
  await refuseUnknown(rows);
  const relations = await rows<Relation>(RELATIONS);
  const columns = Map.groupBy(await rows<Column>(COLUMNS), ({ relation }) => relation);
  const before = [...(await rows<Statement>(FUNCTIONS)), ...(await rows<Statement>(SEQUENCES)), ...relations.map((relation) => tableStatement(relation, columns.get(relation.oid) ?? []))];
  const security = relations.flatMap(securityStatements);
  const after = [await rows<Statement>(OWNED_SEQUENCES), await rows<Statement>(CONSTRAINTS), await rows<Statement>(INDEXES), await rows<Statement>(FOREIGN_KEYS), await rows<Statement>(TRIGGERS), await rows<Statement>(POLICIES), security].flat();
  const of = (statements: readonly Statement[], schema: string) => statements.filter((one) => one.schema === schema).map(({ statement }) => statement);
  return {
    schemas: schemas.map((schema) => ({ schema, before: of(before, schema), after: of(after, schema) })),
    tables: relations
      .filter(({ kind }) => kind === 'r')
      .map(({ oid, schema, name }) => ({ schema, table: name, columns: (columns.get(oid) ?? []).filter(({ generated }) => generated === '').map((column) => column.name) })),
    sequences: await rows<{ schema: string; sequence: string }>(ALL_SEQUENCES),
  };
}

async function refuseUnknown(rows: <R extends object>(sql: string) => Promise<R[]>): Promise<void> {
  const unknown = await rows<{ what: string }>(UNKNOWN);
  if (unknown.length === 0) return;
  throw Fault.permanent('backup-unknown-object', `the backup does not know how to take ${unknown.map(({ what }) => what).join(', ')}: teach it in libs/backup, or keep it in a schema of its own`);
}

function tableStatement(relation: Relation, columns: readonly Column[]): Statement {
  const { schema, full, unlogged, options, partitionKey, parent, bound } = relation;
  const head = `CREATE ${unlogged ? 'UNLOGGED ' : ''}TABLE ${full}`;
  const tail = `${partitionKey === null ? '' : ` PARTITION BY ${partitionKey}`}${options === null ? '' : ` WITH (${options})`}`;
  const statement = parent === null ? `${head} (${columns.map(columnDefinition).join(', ')})${tail}` : `${head} PARTITION OF ${parent} ${bound ?? ''}${tail}`;
  return { schema, statement };
}

function columnDefinition({ name, type, required, fallback, generated, identity, identityOptions, collation, storage }: Column): string {
  return [
    name,
    type,
    storage === null ? '' : `STORAGE ${storage}`,
    collation === null ? '' : `COLLATE ${collation}`,
    generated === '' ? '' : `GENERATED ALWAYS AS (${fallback}) ${generated === 's' ? 'STORED' : 'VIRTUAL'}`,
    identity === '' ? '' : `GENERATED ${identity === 'a' ? 'ALWAYS' : 'BY DEFAULT'} AS IDENTITY (${identityOptions})`,
    generated !== '' || fallback === null ? '' : `DEFAULT ${fallback}`,
    required ? 'NOT NULL' : '',
  ]
    .filter((part) => part !== '')
    .join(' ');
}

function securityStatements({ schema, full, rowSecurity, forced }: Relation): Statement[] {
  return [...(rowSecurity ? [`ALTER TABLE ${full} ENABLE ROW LEVEL SECURITY`] : []), ...(forced ? [`ALTER TABLE ${full} FORCE ROW LEVEL SECURITY`] : [])].map((statement) => ({ schema, statement }));
}

const IN_SCHEMAS = 'n.nspname = any($1::text[])';

// Types of tables, of their rows and of arrays come with what they belong to.
const UNKNOWN = `
  select format('%s %I.%I', case relkind when 'v' then 'the view' when 'm' then 'the materialized view' when 'f' then 'the foreign table' else 'the type' end, nspname, relname) as what
    from pg_class c join pg_namespace n on n.oid = relnamespace where ${IN_SCHEMAS} and relkind not in ('r', 'p', 'S', 'i', 'I', 't')
  union all
  select format('the table %I.%I, which inherits from another one', nspname, relname) from pg_class c join pg_namespace n on n.oid = relnamespace join pg_inherits on inhrelid = c.oid where ${IN_SCHEMAS} and relkind in ('r', 'p') and not relispartition
  union all
  select format('the type %I.%I', nspname, typname) from pg_type t join pg_namespace n on n.oid = typnamespace where ${IN_SCHEMAS} and typtype <> 'b' and typrelid = 0
  union all
  select format('the aggregate %I.%I', nspname, proname) from pg_proc join pg_namespace n on n.oid = pronamespace where ${IN_SCHEMAS} and prokind not in ('f', 'p')
  union all
  select format('the statistics %I.%I', nspname, stxname) from pg_statistic_ext join pg_namespace n on n.oid = stxnamespace where ${IN_SCHEMAS}
  union all
  select format('the rule %I on %I.%I', rulename, nspname, relname) from pg_rewrite join pg_class c on c.oid = ev_class join pg_namespace n on n.oid = relnamespace where ${IN_SCHEMAS} and relkind in ('r', 'p')
  order by 1`;

const RELATIONS = `
  select c.oid::text, nspname as schema, relname as name, format('%I.%I', nspname, relname) as full, relkind as kind, relpersistence = 'u' as unlogged, array_to_string(reloptions, ', ') as options,
    pg_get_partkeydef(c.oid) as "partitionKey", inhparent::regclass::text as parent, pg_get_expr(relpartbound, c.oid) as bound,
    (select count(*)::int from pg_partition_ancestors(c.oid)) as depth, relrowsecurity as "rowSecurity", relforcerowsecurity as forced
  from pg_class c join pg_namespace n on n.oid = relnamespace left join pg_inherits on inhrelid = c.oid
  where ${IN_SCHEMAS} and relkind in ('r', 'p') order by depth, schema, name`;

const SEQUENCE_OPTIONS = `'START WITH ' || seqstart || ' INCREMENT BY ' || seqincrement || ' MINVALUE ' || seqmin || ' MAXVALUE ' || seqmax || ' CACHE ' || seqcache || case when seqcycle then ' CYCLE' else ' NO CYCLE' end`;

const COLUMNS = `
  select attrelid::text as relation, quote_ident(attname) as name, format_type(atttypid, atttypmod) as type, attnotnull as required, pg_get_expr(adbin, adrelid) as fallback, attgenerated as generated, attidentity as identity,
    (select 'SEQUENCE NAME ' || s.oid::regclass || ' ' || ${SEQUENCE_OPTIONS} from pg_depend d join pg_class s on s.oid = d.objid and s.relkind = 'S' join pg_sequence on seqrelid = s.oid
      where d.classid = 'pg_class'::regclass and refobjid = attrelid and refobjsubid = attnum and deptype = 'i') as "identityOptions",
    case when attcollation <> typcollation then attcollation::regcollation::text end as collation,
    case when attstorage <> typstorage then case attstorage when 'p' then 'PLAIN' when 'e' then 'EXTERNAL' when 'm' then 'MAIN' else 'EXTENDED' end end as storage
  from pg_attribute join pg_class c on c.oid = attrelid join pg_namespace n on n.oid = relnamespace join pg_type t on t.oid = atttypid left join pg_attrdef on adrelid = attrelid and adnum = attnum
  where ${IN_SCHEMAS} and relkind in ('r', 'p') and attnum > 0 and not attisdropped order by attrelid, attnum`;

const FUNCTIONS = `select nspname as schema, pg_get_functiondef(p.oid) as statement from pg_proc p join pg_namespace n on n.oid = pronamespace where ${IN_SCHEMAS} and prokind in ('f', 'p') order by p.oid::regprocedure::text`;

// Those of identity columns come with their table.
const SEQUENCES = `
  select nspname as schema, format('CREATE SEQUENCE %I.%I AS %s ', nspname, relname, seqtypid::regtype) || ${SEQUENCE_OPTIONS} as statement
  from pg_sequence join pg_class c on c.oid = seqrelid join pg_namespace n on n.oid = relnamespace
  where ${IN_SCHEMAS} and not exists (select 1 from pg_depend where classid = 'pg_class'::regclass and objid = seqrelid and deptype = 'i') order by relname`;

const OWNED_SEQUENCES = `
  select nspname as schema, format('ALTER SEQUENCE %s OWNED BY %s.%I', objid::regclass, refobjid::regclass, attname) as statement
  from pg_depend join pg_class c on c.oid = objid and relkind = 'S' join pg_namespace n on n.oid = relnamespace join pg_attribute on attrelid = refobjid and attnum = refobjsubid
  where ${IN_SCHEMAS} and classid = 'pg_class'::regclass and refclassid = 'pg_class'::regclass and deptype = 'a' order by 2`;

const ALL_SEQUENCES = `select nspname as schema, relname as sequence from pg_class c join pg_namespace n on n.oid = relnamespace where ${IN_SCHEMAS} and relkind = 'S' order by 1, 2`;

// What a partition has from its parent comes with the parent, if only it is made for all and not, as PostgreSQL says it, for the parent alone. That a column is required stands with the column.
const constraints = (kinds: string) => `
  select nspname as schema, format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, pg_get_constraintdef(o.oid)) as statement
  from pg_constraint o join pg_class c on c.oid = conrelid join pg_namespace n on n.oid = relnamespace
  where ${IN_SCHEMAS} and contype in (${kinds}) and conparentid = 0 and coninhcount = 0 order by contype = 'c', conrelid::regclass::text, conname`;
const CONSTRAINTS = constraints(`'p', 'u', 'x', 'c'`);
const FOREIGN_KEYS = constraints(`'f'`);

const INDEXES = `
  select nspname as schema, case relkind when 'p' then replace(pg_get_indexdef(indexrelid), ' ON ONLY ', ' ON ') else pg_get_indexdef(indexrelid) end as statement
  from pg_index join pg_class c on c.oid = indexrelid join pg_namespace n on n.oid = relnamespace
  where ${IN_SCHEMAS} and not exists (select 1 from pg_constraint where conindid = indexrelid and contype in ('p', 'u', 'x')) and not exists (select 1 from pg_inherits where inhrelid = indexrelid) order by 2`;

const TRIGGERS = `
  select nspname as schema, pg_get_triggerdef(g.oid) as statement
  from pg_trigger g join pg_class c on c.oid = tgrelid join pg_namespace n on n.oid = relnamespace where ${IN_SCHEMAS} and not tgisinternal and tgparentid = 0 order by 2`;

const POLICIES = `
  select schemaname as schema, format('CREATE POLICY %I ON %I.%I AS %s FOR %s TO %s', policyname, schemaname, tablename, permissive, cmd, (select string_agg(case role when 'public' then 'PUBLIC' else quote_ident(role) end, ', ' order by role) from unnest(roles) as role))
    || coalesce(' USING (' || qual || ')', '') || coalesce(' WITH CHECK (' || with_check || ')', '') as statement
  from pg_policies where schemaname = any($1::text[]) order by 2`;
