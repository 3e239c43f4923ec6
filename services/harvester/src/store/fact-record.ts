import { promisify } from 'node:util';
import { crc32, zstdCompress, zstdCompressSync, zstdDecompress, zstdDecompressSync } from 'node:zlib';
import type { Fact, LightReason, SkipReason } from '@granary/extract';

/** A fact as its row holds it. */
export interface FactRecord {
  readonly skipped: SkipReason | null;
  readonly light: LightReason | null;
  readonly items: number;
  readonly encoding: 'plain' | 'zstd';
  readonly body: Buffer;
  /** JSON text of what was found; null when nothing was. */
  readonly findings: string | null;
  /** An unsigned number of 32 bits, as the database writes it. */
  readonly checksum: string;
}

// Below this compressing costs more than it saves: PostgreSQL keeps such a row in one piece anyway.
// Above the other limit the event loop would feel it.
const COMPRESS_FROM = 1_500;
const ELSEWHERE_FROM = 100_000;

export async function encodeFact(fact: Fact): Promise<FactRecord> {
  const { findings } = fact;
  const skipped = fact.state === 'skipped' ? fact.reason : null;
  const [text, items, light] = fact.state === 'analysed' ? [fact.body, fact.items, fact.light] : ['', 0, null];
  const plain = Buffer.from(text);
  const record = { skipped, light, items, findings };
  const checksum = checksumOf(record, plain);
  if (plain.length < COMPRESS_FROM) return { ...record, encoding: 'plain', body: plain, checksum };
  const body = plain.length < ELSEWHERE_FROM ? zstdCompressSync(plain) : await promisify(zstdCompress)(plain);
  return { ...record, encoding: 'zstd', body, checksum };
}

/** The fact of a record, or null when the record is not what was written. */
export async function decodeFact(record: FactRecord): Promise<Fact | null> {
  const plain = await decompress(record);
  if (!plain || checksumOf(record, plain) !== record.checksum) return null;
  const { skipped, light, items, findings } = record;
  if (skipped !== null) return { state: 'skipped', reason: skipped, findings };
  return { state: 'analysed', body: plain.toString('utf8'), items, light, findings };
}

async function decompress({ encoding, body }: FactRecord): Promise<Buffer | null> {
  if (encoding === 'plain') return body;
  try {
    return body.length < ELSEWHERE_FROM ? zstdDecompressSync(body) : await promisify(zstdDecompress)(body);
  } catch {
    return null;
  }
}

type Checked = Pick<FactRecord, 'skipped' | 'light' | 'items' | 'findings'>;

const checksumOf = ({ skipped, light, items, findings }: Checked, plain: Buffer): string => String(crc32(plain, crc32(`${skipped ?? ''}\n${light ?? ''}\n${items}\n${findings ?? ''}\n`)));
