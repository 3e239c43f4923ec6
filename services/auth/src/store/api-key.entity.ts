import type { Permission } from '@granary/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What is kept of an API key. */
@Entity('api_keys')
export class ApiKeyEntity {
  @PrimaryColumn('text', { name: 'key_id' })
  keyId!: string;

  @Column('text')
  tenant!: string;

  @Column('uuid', { name: 'principal_id' })
  principalId!: string;

  @Column('text')
  name!: string;

  /** Of its secret. */
  @Column('text')
  hash!: string;

  @Column('jsonb', { nullable: true })
  scope!: Permission[] | null;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'expires_at', nullable: true })
  expiresAt!: Date | null;

  /** To the minute. */
  @Column('timestamptz', { name: 'last_used_at', nullable: true })
  lastUsedAt!: Date | null;

  /** When its use was last announced. */
  @Column('timestamptz', { name: 'use_told_at', nullable: true })
  useToldAt!: Date | null;

  @Column('timestamptz', { name: 'revoked_at', nullable: true })
  revokedAt!: Date | null;
}
