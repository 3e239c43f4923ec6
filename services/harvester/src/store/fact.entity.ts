import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { FactKey, LightReason, SkipReason } from '@granary/extract';

/** What one blob says, read one way. Shared between a tenant's repositories, never changed, never shared between tenants. */
@Entity('facts')
export class FactEntity {
  @PrimaryColumn('text')
  tenant!: string;

  /** Object id of the blob, as bytes. */
  @PrimaryColumn('bytea')
  blob!: Buffer;

  @PrimaryColumn('text')
  kind!: FactKey['kind'];

  @PrimaryColumn('text', { name: 'path_class' })
  pathClass!: string;

  @PrimaryColumn('text')
  extractor!: string;

  @PrimaryColumn('text', { name: 'rule_set' })
  ruleSet!: string;

  /** Null when the blob was analysed. */
  @Column('text', { nullable: true })
  skipped!: SkipReason | null;

  /** Why only the light scan read it, null when that was not so. */
  @Column('text', { nullable: true })
  light!: LightReason | null;

  /** JSON text of what was found in the blob, null when nothing was. */
  @Column('text', { nullable: true })
  findings!: string | null;

  /** How often it was read; what failed in a way that may pass is tried again. */
  @Column('smallint')
  attempts!: number;

  @Column('timestamptz', { name: 'read_at' })
  readAt!: Date;

  /** When a harvest last asked for it, or its file was last seen in the newest commit of a repository; a day behind at most. */
  @Column('timestamptz', { name: 'last_used_at' })
  lastUsedAt!: Date;

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
