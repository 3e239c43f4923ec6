import { rolesSql } from './roles';

describe('rolesSql', () => {
  it('gives a role its own schema and nothing else', () => {
    expect(rolesSql({ database: 'granary', roles: [{ name: 'cache_janitor', password: "it's" }], exclusive: true, grantToAdmin: false })).toBe(
      `REVOKE ALL ON DATABASE "granary" FROM PUBLIC;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
DO $$ BEGIN CREATE ROLE "cache_janitor"; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
ALTER ROLE "cache_janitor" LOGIN PASSWORD 'it''s';
ALTER ROLE "cache_janitor" IN DATABASE "granary" SET search_path = "cache_janitor";
GRANT CONNECT, TEMPORARY ON DATABASE "granary" TO "cache_janitor";
CREATE SCHEMA IF NOT EXISTS "cache_janitor" AUTHORIZATION "cache_janitor";
`,
    );
  });

  it('makes an admin that is no superuser a member first', () => {
    const sql = rolesSql({ database: 'granary', roles: [{ name: 'audit', password: 'x' }], exclusive: false, grantToAdmin: true });
    expect(sql).toContain('GRANT "audit" TO CURRENT_USER;\nGRANT CONNECT');
    expect(sql).toContain(`DO $$ BEGIN GRANT pg_read_all_stats TO "audit"; EXCEPTION WHEN insufficient_privilege THEN NULL; END $$;`);
  });

  it('leaves the rights of others alone in a database that is not its own', () => {
    expect(rolesSql({ database: 'shared', roles: [{ name: 'audit', password: 'x' }], exclusive: false, grantToAdmin: false })).not.toContain('REVOKE');
  });

  it.each(['cache-janitor', 'a"b', '', 'Audit', '1st'])('refuses the role name %p', (name) => {
    expect(() => rolesSql({ database: 'granary', roles: [{ name, password: 'x' }], exclusive: true, grantToAdmin: false })).toThrow(TypeError);
  });
});
