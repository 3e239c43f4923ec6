import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A login that goes on as long as it is refreshed. */
@Entity('sessions')
export class SessionEntity {
  /** A UUID of version 7, so that the newest have the largest. */
  @PrimaryColumn('uuid')
  sid!: string;

  @Column('text')
  tenant!: string;

  @Column('uuid', { name: 'principal_id' })
  principalId!: string;

  /** Of the part that all refresh tokens of the session share: whoever has it held one of them once. */
  @Column('text', { name: 'family_hash' })
  familyHash!: string;

  /** Of the part that the one good refresh token has alone. */
  @Column('text', { name: 'current_hash' })
  currentHash!: string;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;

  /** When it last got an access token. */
  @Column('timestamptz', { name: 'last_used_at' })
  lastUsedAt!: Date;

  @Column('timestamptz', { name: 'refresh_until' })
  refreshUntil!: Date;

  @Column('timestamptz', { name: 'ended_at', nullable: true })
  endedAt!: Date | null;
}
