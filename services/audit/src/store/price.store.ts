import type { ModelPrices, PriceTable } from '@granary/contracts';
import type { Database } from '@granary/persistence';
import type { EntityManager } from 'typeorm';

/** A price table to be kept. */
export interface NewPriceTable {
  readonly version: string;
  readonly effectiveFrom: Date;
  readonly models: readonly ModelPrices[];
  readonly digest: string;
  readonly setAt: Date;
  readonly by: string | null;
}

interface TableRow {
  version: string;
  effective_from: Date;
  digest: string;
  set_at: Date;
  set_by: string | null;
  models: number;
}

const COLUMNS = 'version, effective_from, digest, set_at, set_by, jsonb_array_length(models) as models';
const MOST_TABLES = 100;

/** The price tables of tenants. */
export class PriceStore {
  constructor(private readonly database: Pick<Database, 'of'>) {}

  /** The newest first: by the moment from which they hold, then by the order in which they were set. */
  async list(tenant: string): Promise<PriceTable[]> {
    const rows = await this.database.of(tenant).query<TableRow[]>(`select ${COLUMNS} from price_table where tenant = $1 order by effective_from desc, number desc limit ${MOST_TABLES}`, [tenant]);
    return rows.map(asTable);
  }

  async show(tenant: string, version: string): Promise<{ table: PriceTable; models: ModelPrices[] } | null> {
    const [row] = await this.database.of(tenant).query<(TableRow & { prices: ModelPrices[] })[]>(`select ${COLUMNS}, models as prices from price_table where tenant = $1 and version = $2`, [tenant, version]);
    return row === undefined ? null : { table: asTable(row), models: row.prices };
  }

  /** Keeps a table and has the calls of its time reckoned again; answers the one that has its version already instead, when there is one. */
  async add(manager: EntityManager, tenant: string, table: NewPriceTable): Promise<PriceTable | null> {
    const { version, effectiveFrom, models, digest, setAt, by } = table;
    const [added] = await manager.query<unknown[]>(
      `insert into price_table (tenant, version, effective_from, models, digest, set_at, set_by) values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing returning 1`,
      [tenant, version, effectiveFrom, JSON.stringify(models), digest, setAt, by],
    );
    if (added === undefined) {
      const [row] = await manager.query<TableRow[]>(`select ${COLUMNS} from price_table where tenant = $1 and version = $2`, [tenant, version]);
      return row === undefined ? null : asTable(row);
    }
    await manager.query(
      `insert into ai_repricing (tenant, from_at, until_at) select $1, $2::timestamptz, (select min(effective_from) from price_table where tenant = $1 and effective_from > $2::timestamptz)`,
      [tenant, effectiveFrom],
    );
    return null;
  }
}

function asTable({ version, effective_from, digest, set_at, set_by, models }: TableRow): PriceTable {
  return { version, effectiveFrom: effective_from.toISOString(), setAt: set_at.toISOString(), by: set_by, models, digest };
}
