// A broker and a database with two services' schemas in it, to be backed up.
import { randomBytes } from 'node:crypto';
import { publishSubject } from '@granary/contracts';
import { ensureDatabase, ensureRoles } from '@granary/embedded';
import { createPublisher, type Broker } from '@granary/messaging';
import { createLogger } from '@granary/observability';
import { openDatabase, separateTenants, type Database } from '@granary/persistence';
import { POSTGRES_VARIABLE, startTestNats, temporaryFolder, type TestNats } from '@granary/testing';
import { Client } from 'pg';
import type { MigrationInterface, QueryRunner } from 'typeorm';

export const log = createLogger({ service: 'test', level: 'silent' });
export const SCHEMAS = ['backup_mail', 'backup_shop'];

/** Something of everything that migrations may use. */
export class Shop1790000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`create function lower_only() returns trigger language plpgsql as $$ begin new.name := lower(new.name); return new; end $$`);
    await runner.query(`create table shops (shop_id uuid primary key default gen_random_uuid(), tenant text not null, name text collate "C" not null check (name <> ''), letters integer generated always as (length(name)) stored, "Opened" timestamptz default now(), unique (tenant, name))`);
    await runner.query(`create trigger lower_only before insert on shops for each row execute function lower_only()`);
    await runner.query(`create table goods (good_id bigint generated always as identity (start with 100 increment by 10) primary key, shop_id uuid not null references shops on delete cascade, price numeric(12, 2) check (price between 0 and 1e6 and price <> 13), body bytea, tags text[] not null default '{}')`);
    await runner.query(`alter table goods alter column body set storage external`);
    await runner.query(`create index goods_dear on goods (price desc) include (shop_id) where price > 100`);
    await runner.query(`create table sales (epoch integer not null, sequence bigint not null, body jsonb, primary key (epoch, sequence)) partition by range (epoch, sequence)`);
    await runner.query(`create index sales_body on sales using gin (body)`);
    await runner.query(`create table sales_1 (like sales including all)`);
    await runner.query(`alter table sales attach partition sales_1 for values from (1, 0) to (1, 1000)`);
    await runner.query(`create table sales_2 partition of sales for values from (1, 1000) to (2, 0) with (fillfactor = 90)`);
    await runner.query(`create table nothing (id serial primary key, "Odd Name" smallint)`);
    await runner.query(`create unlogged table counters (name text primary key, value double precision)`);
    await separateTenants(runner, ['shops']);
  }

  async down(): Promise<void> {}
}

/** What a newer version adds. */
export class Ratings1800000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table shops add column rating integer not null default 3');
  }

  async down(): Promise<void> {}
}

export interface World {
  readonly nats: TestNats;
  readonly broker: Broker;
  readonly adminUrl: string;
  readonly shop: Database;
  readonly root: string;
  readonly scratch: string;
  /** Publishes events with random bodies. */
  publish(first: number, count: number): Promise<void>;
  stop(): Promise<void>;
}

export async function startWorld(): Promise<World> {
  const nats = await startTestNats();
  const broker = await nats.connect('admin');
  const server = process.env[POSTGRES_VARIABLE] ?? '';
  const name = `b_${randomBytes(6).toString('hex')}`;
  await ensureDatabase(server, name);
  const admin = new URL(server);
  admin.pathname = `/${name}`;
  await ensureRoles(admin.href, { roles: SCHEMAS.map((role) => ({ name: role, password: role })), exclusive: false });
  const open = (schema: string, migrations: (new () => MigrationInterface)[]) => {
    const url = new URL(admin.href);
    [url.username, url.password] = [schema, schema];
    return openDatabase({ url: url.href, schema, applicationName: schema, migrations, poolSize: 2, log });
  };
  const [mail, shop] = [await open('backup_mail', []), await open('backup_shop', [Shop1790000000000])];
  const folder = temporaryFolder();
  const publisher = createPublisher(broker.connection);
  return {
    nats,
    broker,
    adminUrl: admin.href,
    shop,
    root: `${folder.path}/backups`,
    scratch: `${folder.path}/scratch`,
    async publish(first, count) {
      const ids = Array.from({ length: count }, (_, i) => first + i);
      await publisher.publishBatch(ids.map((id) => ({ subject: publishSubject('default', 'repository.removed.v1', `key-${id % 7}`), messageId: `m${id}`, body: JSON.stringify({ id, filler: randomBytes(300).toString('base64') }) })));
    },
    async stop() {
      await Promise.all([mail.close(), shop.close()]);
      await nats.stop();
      const client = new Client({ connectionString: server });
      await client.connect();
      await client.query(`drop database ${name} with (force)`);
      await client.end();
      folder.remove();
    },
  };
}

/** Fills the shop with rows of every kind. */
export async function fill({ shop }: World, shops: number): Promise<void> {
  await shop.across.rows.query(`insert into shops (tenant, name) select 't' || n % 3, 'Shop ' || n from generate_series(1, $1::int) n`, [shops]);
  await shop.across.rows.query(`insert into goods (shop_id, price, body, tags) select shop_id, n * 1.5, case when n % 2 = 0 then sha256(name::bytea) end, array[name, null, 'ü"\\'] from shops, generate_series(1, 3) n`);
  await shop.across.rows.query(`insert into sales select 1, n, jsonb_build_object('n', n, 'text', repeat('x', n % 50)) from generate_series(1, 1500) n`);
  await shop.across.rows.query(`insert into counters values ('infinity', 'infinity'), ('tiny', 1e-300)`);
}
