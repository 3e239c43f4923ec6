import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A fact pack or a list of changed paths: compressed, named by the digest of its uncompressed content, never changed. */
@Entity('artifacts')
export class ArtifactEntity {
  @PrimaryColumn('text')
  tenant!: string;

  @PrimaryColumn('text')
  digest!: string;

  @Column('text', { name: 'media_type' })
  mediaType!: string;

  /** Uncompressed. */
  @Column('bigint')
  bytes!: string;

  @Column('bytea')
  body!: Buffer;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;

  /** When it was last read, or named by something new. */
  @Column('timestamptz', { name: 'last_used_at' })
  lastUsedAt!: Date;

  /** Compressed as tightly as can be. */
  @Column('boolean')
  packed!: boolean;
}
