import type { Fact, FactKey } from '@granary/extract';
import { keyText } from '@granary/extract';
import type { Lookups } from '@granary/messaging';
import type { Database } from '@granary/persistence';
import { inTurns } from '../harvest/in-turns';
import type { FactEntity } from './fact.entity';
import { decodeFact, encodeFact } from './fact-record';
import type { FactRecord } from './fact-record';

/** Reading it failed in a way that may pass. */
const FAILED = `coalesce(light, skipped) in ('crashed', 'timed-out')`;
/** And it is tried again by itself. */
const MENDABLE = `${FAILED} and attempts < 3`;
/** When it is to be tried again: each time after a longer wait. `$3` is the first one in milliseconds. */
const MENDED_AT = `read_at + attempts * $3::float8 * interval '1 millisecond'`;

/** A fact is written anew for its use once a day at most. */
const STALE = `last_used_at < now() - interval '1 day'`;

const TOUCHED_AT_ONCE = 2_000;

// Few enough that the event loop does not feel one answer, or the writing of as many.
const AT_ONCE = 100;

type Row = Pick<FactEntity, 'kind' | 'skipped' | 'light' | 'items' | 'encoding' | 'body' | 'findings' | 'checksum'> & { repair: boolean; stale: boolean; blob: string; path_class: string; extractor: string; rule_set: string };

/** Facts of a tenant by everything that they depend on. */
export class FactStore {
  /** @param repairMs wait before a blob whose reading failed is tried again, twice as long before the second time */
  constructor(
    private readonly database: Pick<Database, 'of'>,
    private readonly repairMs: number,
    private readonly lookups: Pick<Lookups, 'count'>,
  ) {}

  /**
   * The facts that are known, by `keyText`. Records that are corrupt count as unknown, so that they are computed again,
   * and so do those of blobs that are to be tried again.
   * @param askedAt when somebody asked for what failed before to be tried again now; null when nobody did
   */
  async known(tenant: string, wants: readonly { key: FactKey; text: string }[], askedAt: Date | null = null): Promise<Map<string, Fact>> {
    const wanted = new Set(wants.map(({ text }) => text));
    const blobs = [...new Set(wants.map(({ key }) => key.blob))];
    const facts = new Map<string, Fact>();
    const stale: string[] = [];
    const read = (start: number): Promise<Row[]> => this.read(tenant, blobs.slice(start, start + AT_ONCE), askedAt);
    // The next are on their way while these are unpacked.
    let next = read(0);
    for (let start = 0; start < blobs.length; start += AT_ONCE) {
      const rows = await next;
      next = start + AT_ONCE < blobs.length ? read(start + AT_ONCE) : Promise.resolve([]);
      next.catch(() => undefined);
      await inTurns(rows, async (row) => {
        const text = keyText({ blob: row.blob, kind: row.kind, pathClass: row.path_class, extractor: row.extractor, ruleSet: row.rule_set });
        const fact = wanted.has(text) && !row.repair ? await decodeFact(row) : null;
        if (fact) facts.set(text, fact);
        if (fact && row.stale) stale.push(row.blob);
      });
    }
    await this.touch(tenant, stale);
    this.lookups.count(tenant, 'facts', { hits: facts.size, misses: wanted.size - facts.size });
    return facts;
  }

  private read(tenant: string, blobs: readonly string[], askedAt: Date | null): Promise<Row[]> {
    return this.database.of(tenant).query<Row[]>(
      `select encode(blob, 'hex') as blob, kind, path_class, extractor, rule_set, skipped, light, items, encoding, body, findings, checksum, (${MENDABLE} and ${MENDED_AT} <= now() or ${FAILED} and read_at < $4) as repair, ${STALE} as stale
       from facts where tenant = $1 and blob = any($2::bytea[])`,
      [tenant, blobs.map((blob) => Buffer.from(blob, 'hex')), this.repairMs, askedAt],
    );
  }

  /** Says that facts of these blobs are in use: all of them, or those that are asked for by these extractors and rules. */
  async touch(tenant: string, blobs: readonly string[], by: { extractors: readonly string[]; ruleSet: string } | null = null): Promise<void> {
    for (let start = 0; start < blobs.length; start += TOUCHED_AT_ONCE) {
      await this.database.of(tenant).query(
        `update facts set last_used_at = now() where tenant = $1 and blob = any($2::bytea[]) and ${STALE}
           and ($3::text[] is null or extractor = any($3) and rule_set = $4)`,
        [tenant, blobs.slice(start, start + TOUCHED_AT_ONCE).map((blob) => Buffer.from(blob, 'hex')), by && [...by.extractors], by?.ruleSet ?? null],
      );
    }
  }

  /** When the first of these blobs is to be read again, because reading it failed; null when none is. */
  async repairAt(tenant: string, blobs: readonly string[]): Promise<Date | null> {
    if (blobs.length === 0) return null;
    const [row] = await this.database.of(tenant).query<{ at: Date | null }[]>(`select min(${MENDED_AT}) as at from facts where tenant = $1 and blob = any($2::bytea[]) and ${MENDABLE}`, [tenant, blobs.map((blob) => Buffer.from(blob, 'hex')), this.repairMs]);
    return row?.at ?? null;
  }

  /** Keeps facts. What is there already is written over: it is the same, or it was corrupt. */
  async save(tenant: string, facts: readonly { key: FactKey; fact: Fact }[]): Promise<void> {
    if (facts.length === 0) return;
    const records: FactRecord[] = [];
    await inTurns(facts, async ({ fact }) => records.push(await encodeFact(fact)));
    const column = <T>(pick: (key: FactKey) => T): T[] => facts.map(({ key }) => pick(key));
    await this.database.of(tenant).query(
      `insert into facts (tenant, blob, kind, path_class, extractor, rule_set, skipped, light, items, encoding, body, findings, checksum)
       select $1, fact.* from unnest($2::bytea[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::integer[], $10::text[], $11::bytea[], $12::text[], $13::bigint[]) as fact
       on conflict (tenant, blob, kind, path_class, extractor, rule_set) do update
       set skipped = excluded.skipped, light = excluded.light, items = excluded.items, encoding = excluded.encoding, body = excluded.body,
         findings = excluded.findings, checksum = excluded.checksum, attempts = least(facts.attempts + 1, 1000), read_at = now(), last_used_at = now()`,
      [
        tenant,
        column((key) => Buffer.from(key.blob, 'hex')),
        column((key) => key.kind),
        column((key) => key.pathClass),
        column((key) => key.extractor),
        column((key) => key.ruleSet),
        records.map((record) => record.skipped),
        records.map((record) => record.light),
        records.map((record) => record.items),
        records.map((record) => record.encoding),
        records.map((record) => record.body),
        records.map((record) => record.findings),
        records.map((record) => record.checksum),
      ],
    );
  }
}
