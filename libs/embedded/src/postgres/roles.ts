/** A role with a schema of the same name. */
export interface PostgresRole {
  readonly name: string;
  readonly password: string;
}

/** The role and schema of an identity: names in SQL have no dashes. */
export const roleOf = (identity: string) => identity.replaceAll('-', '_');

const NAME = /^[a-z][a-z0-9_]{0,62}$/;

export interface Roles {
  readonly database: string;
  readonly roles: readonly PostgresRole[];
  /** Whether the database is Granary's alone: then everybody else loses the rights that PostgreSQL gives by default. */
  readonly exclusive: boolean;
  /** Needed where the connected user is not a superuser: it must be a member of a role to create a schema for it. */
  readonly grantToAdmin: boolean;
}

/** SQL that gives each role its schema and nothing else: no rights on other schemas or on `public`. It may run again and again. */
export function rolesSql({ database, roles, exclusive, grantToAdmin }: Roles): string {
  const everybody = exclusive ? [`REVOKE ALL ON DATABASE ${identifier(database)} FROM PUBLIC`, 'REVOKE ALL ON SCHEMA public FROM PUBLIC'] : [];
  return [...everybody, ...roles.flatMap((role) => roleSql(database, role, grantToAdmin))].map((statement) => `${statement};\n`).join('');
}

/** SQL for the role that backups read with: it sees every row of every schema, may lock tables for a moment, and changes nothing. It may run again and again. */
export function readerSql(database: string, { name, password }: PostgresRole): string {
  const role = identifier(name);
  return [
    `DO $$ BEGIN CREATE ROLE ${role}; EXCEPTION WHEN duplicate_object THEN NULL; END $$`,
    `ALTER ROLE ${role} LOGIN BYPASSRLS PASSWORD ${literal(password)}`,
    `ALTER ROLE ${role} IN DATABASE ${identifier(database)} SET default_transaction_read_only = on`,
    `GRANT pg_read_all_data, pg_maintain TO ${role}`,
    `GRANT CONNECT ON DATABASE ${identifier(database)} TO ${role}`,
  ]
    .map((statement) => `${statement};\n`)
    .join('');
}

/** Sees how old every transaction of the server is, where whoever makes the roles may let it; one is enough to tell. */
const WATCHER = 'audit';

function roleSql(database: string, { name, password }: PostgresRole, grantToAdmin: boolean): string[] {
  const role = identifier(name);
  return [
    `DO $$ BEGIN CREATE ROLE ${role}; EXCEPTION WHEN duplicate_object THEN NULL; END $$`,
    `ALTER ROLE ${role} LOGIN PASSWORD ${literal(password)}`,
    `ALTER ROLE ${role} IN DATABASE ${identifier(database)} SET search_path = ${role}`,
    ...(grantToAdmin ? [`GRANT ${role} TO CURRENT_USER`] : []),
    `GRANT CONNECT, TEMPORARY ON DATABASE ${identifier(database)} TO ${role}`,
    `CREATE SCHEMA IF NOT EXISTS ${role} AUTHORIZATION ${role}`,
    ...(name === WATCHER ? [`DO $$ BEGIN GRANT pg_read_all_stats TO ${role}; EXCEPTION WHEN insufficient_privilege THEN NULL; END $$`] : []),
  ];
}

function identifier(name: string): string {
  if (!NAME.test(name)) throw new TypeError(`'${name}' cannot be the name of a database or role: lower-case letters, digits and underscores, beginning with a letter`);
  return `"${name}"`;
}

const literal = (text: string) => `'${text.replaceAll("'", "''")}'`;
