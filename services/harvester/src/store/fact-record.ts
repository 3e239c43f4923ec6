import { promisify } from 'node:util';
import { crc32, zstdCompress, zstdCompressSync, zstdDecompress, zstdDecompressSync } from 'node:zlib';
import type { Fact, SkipReason } from '@granary/extract';

/** A fact as its row holds it. */
export interface FactRecord {
  readonly skipped: SkipReason | null;
  readonly items: number;
  readonly encoding: 'plain' | 'zstd';
  readonly body: Buffer;
  /** An unsigned number of 32 bits, as the database writes it. */
  readonly checksum: string;
}

// Below this compressing costs more than it saves: PostgreSQL keeps such a row in one piece anyway.
// Above the other limit the event loop would feel it.
const COMPRESS_FROM = 1_500;
const ELSEWHERE_FROM = 100_000;

export async function encodeFact(fact: Fact): Promise<FactRecord> {
  const skipped = fact.state === 'skipped' ? fact.reason : null;
  const plain = Buffer.from(fact.state === 'analysed' ? fact.body : '');
  const items = fact.state === 'analysed' ? fact.items : 0;
  const checksum = checksumOf(skipped, items, plain);
  if (plain.length < COMPRESS_FROM) return { skipped, items, encoding: 'plain', body: plain, checksum };
  const body = plain.length < ELSEWHERE_FROM ? zstdCompressSync(plain) : await promisify(zstdCompress)(plain);
  return { skipped, items, encoding: 'zstd', body, checksum };
}

/** The fact of a record, or null when the record is not what was written. */
export async function decodeFact(record: FactRecord): Promise<Fact | null> {
  const plain = await decompress(record);
  if (!plain || checksumOf(record.skipped, record.items, plain) !== record.checksum) return null;
  if (record.skipped !== null) return { state: 'skipped', reason: record.skipped };
  return { state: 'analysed', body: plain.toString('utf8'), items: record.items };
}

async function decompress({ encoding, body }: FactRecord): Promise<Buffer | null> {
  if (encoding === 'plain') return body;
  try {
    return body.length < ELSEWHERE_FROM ? zstdDecompressSync(body) : await promisify(zstdDecompress)(body);
  } catch {
    return null;
  }
}

const checksumOf = (skipped: SkipReason | null, items: number, plain: Buffer): string => String(crc32(plain, crc32(`${skipped ?? ''}\n${items}\n`)));
