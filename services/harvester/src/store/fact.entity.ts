import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { SkipReason } from '@granary/extract';

/** What one blob says, read one way. Shared between a tenant's repositories, never changed, never shared between tenants. */
@Entity('facts')
export class FactEntity {
  @PrimaryColumn('text')
  tenant!: string;

  /** Object id of the blob, as bytes. */
  @PrimaryColumn('bytea')
  blob!: Buffer;

  @PrimaryColumn('text')
  kind!: 'module' | 'manifest';

  @PrimaryColumn('text', { name: 'path_class' })
  pathClass!: string;

  @PrimaryColumn('text')
  extractor!: string;

  @PrimaryColumn('text', { name: 'rule_set' })
  ruleSet!: string;

  /** Null when the blob was analysed. */
  @Column('text', { nullable: true })
  skipped!: SkipReason | null;

  @Column('integer')
  items!: number;

  @Column('text')
  encoding!: 'plain' | 'zstd';

  @Column('bytea')
  body!: Buffer;

  /** CRC-32 of everything that was learned; a record that does not match is computed again. */
  @Column('bigint')
  checksum!: string;
}
