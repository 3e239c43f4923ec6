import type { Database } from '@granary/persistence';
import { Client } from 'pg';
import type { FreshDatabase } from './test-postgres.client';

/** Of the event path, in every schema; TypeORM has the last one. */
const OF_NOBODY = ['partition_leases', 'consumer_replicas', 'crash_suspects', 'migrations'];

/** Two who must not see each other. */
const [OURS, THEIRS] = ['walk-ours', 'walk-theirs'];

interface Column {
  readonly name: string;
  readonly type: string;
  /** The first of the values that a check of the table allows. */
  readonly allowed: string | null;
}

interface Table {
  readonly name: string;
  readonly bound: boolean;
  readonly columns: readonly Column[];
}

/**
 * Walks through all tables of a service's schema, as the catalogue names them, puts rows of two tenants into each that has a
 * column `tenant`, and answers what is wrong: a table that is not separated, one tenant's work that reads, changes, removes
 * or adds rows of the other, somebody who sees rows without naming a tenant, and a table without a tenant that is not named
 * in `ofNobody`. The rows stay.
 * @param database of the role that owns the schema, with all its migrations done
 */
export async function walkTenants({ adminUrl, schema }: FreshDatabase, database: Database, ofNobody: readonly string[] = []): Promise<{ separated: string[]; problems: string[] }> {
  const admin = new Client({ connectionString: adminUrl, options: `-c search_path=${schema}` });
  await admin.connect();
  try {
    const { rows: strangers } = await admin.query<{ name: string }>(`select relname as name from pg_class where ${TABLES} and not exists (${HAS_TENANT}) and relname <> all($2) order by 1`, [schema, [...OF_NOBODY, ...ofNobody]]);
    const problems = strangers.map(({ name }) => `${name}: whose its rows are is not said`);
    const tables = await tablesOfTenants(admin, schema);
    // What they refer to need not be there.
    await admin.query('set session_replication_role = replica');
    for (const table of tables) for (const tenant of [OURS, THEIRS]) await admin.query(insertion(table, tenant));
    for (const table of tables) for (const problem of await problemsOf(database, table)) problems.push(`${table.name}: ${problem}`);
    return { separated: tables.map(({ name }) => name), problems };
  } finally {
    await admin.end();
  }
}

// Nobody asks partitions but through their table.
const TABLES = `relnamespace = $1::regnamespace and relkind in ('r', 'p') and not relispartition`;
const HAS_TENANT = `select 1 from pg_attribute where attrelid = pg_class.oid and attname = 'tenant' and not attisdropped`;

async function tablesOfTenants(admin: Client, schema: string): Promise<Table[]> {
  const { rows } = await admin.query<Table>(
    `select relname as name,
       relrowsecurity and relforcerowsecurity and exists (select 1 from pg_policy where polrelid = pg_class.oid and polcmd = '*' and polqual is not null and polwithcheck is not null) as bound,
       (select json_agg(json_build_object('name', attname, 'type', format_type(atttypid, null), 'allowed',
          (select (regexp_match(pg_get_constraintdef(oid), '\\(' || attname || ' = ANY \\(ARRAY\\[''([^'']*)'''))[1] from pg_constraint where conrelid = pg_class.oid and contype = 'c' and conkey = array[attnum] limit 1)))
        from pg_attribute where attrelid = pg_class.oid and attnum > 0 and not attisdropped and attgenerated = '' and attidentity = ''
          and (attnotnull and not atthasdef or attname = 'tenant')) as columns
     from pg_class where ${TABLES} and exists (${HAS_TENANT}) order by 1`,
    [schema],
  );
  return rows;
}

let made = 0;
let counted = 0;

/** A row with as little in it as the table takes. Every text begins with the tenant, for what is made of a text. */
function insertion({ name, columns }: Table, tenant: string): string {
  const own = columns.map((column) => [`"${column.name}"`, column.name === 'tenant' ? `'${tenant}'` : valueFor(column, tenant)] as const);
  return `insert into "${name}" (${own.map(([column]) => column).join(', ')}) values (${own.map(([, value]) => value).join(', ')})`;
}

function valueFor({ type, allowed }: Column, tenant: string): string {
  if (allowed !== null) return `'${allowed}'`;
  // They stay small, for tables that are cut by ranges of them.
  if (type === 'bigint') return String((counted += 1));
  return VALUES[type] ?? `'${tenant}.${(made += 1)}'`;
}

const VALUES: Record<string, string> = { uuid: 'gen_random_uuid()', integer: '1', smallint: '1', boolean: 'false', jsonb: `'{}'`, bytea: `'x'`, date: 'current_date', 'timestamp with time zone': 'now()' };

async function problemsOf(database: Database, table: Table): Promise<string[]> {
  const { name, bound } = table;
  const problems: string[] = [];
  const expected = async (problem: string, asked: Promise<unknown>, answer: unknown) => {
    const got = await asked.catch((error: Error) => error.message);
    if (JSON.stringify(got) !== JSON.stringify(answer)) problems.push(`${problem} (${JSON.stringify(got)})`);
  };
  const within = (sql: string) => database.transact({ tenant: OURS, correlationId: 'walk' }, ({ manager }) => manager.query<unknown>(sql));
  const tenants = `select distinct tenant from "${name}" where tenant in ('${OURS}', '${THEIRS}') order by 1`;
  const countOf = (change: string) => `with changed as (${change} returning 1) select count(*)::int as n from changed`;
  const refused = `new row violates row-level security policy for table "${name}"`;

  if (!bound) problems.push('row-level security is not enabled and forced on it, or has no policy');
  await expected('a tenant does not see its own rows, or those of others', within(tenants), [{ tenant: OURS }]);
  await expected('a statement of a tenant does not see its own rows, or those of others', database.of(OURS).query(tenants), [{ tenant: OURS }]);
  await expected('a tenant changes rows of others', within(countOf(`update "${name}" set "${anyColumn(table)}" = "${anyColumn(table)}" where tenant = '${THEIRS}'`)), [{ n: 0 }]);
  await expected('a tenant removes rows of others', within(countOf(`delete from "${name}" where tenant = '${THEIRS}'`)), [{ n: 0 }]);
  await expected('a tenant adds rows for others', within(insertion(table, THEIRS)), refused);
  await expected('rows are seen without a tenant', database.dataSource.query(tenants), []);
  await expected('rows are added without a tenant', database.dataSource.query(insertion(table, OURS)), refused);
  await expected('who crosses tenants does not see them', database.across.rows.query(tenants), [{ tenant: OURS }, { tenant: THEIRS }]);
  return problems;
}

/** One that can be written: a tenant may be made of another column. */
const anyColumn = ({ columns }: Table): string => columns[0]?.name ?? 'tenant';
