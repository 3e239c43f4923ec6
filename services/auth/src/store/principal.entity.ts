import type { Principal } from '@granary/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A person or a service account of a tenant. Granary's own services are in their access documents, not here. */
@Entity('principals')
export class PrincipalEntity {
  @PrimaryColumn('uuid', { name: 'principal_id' })
  principalId!: string;

  @Column('text')
  tenant!: string;

  @Column('text')
  kind!: 'person' | 'service-account';

  /** Unique in its tenant, whatever the case of its letters. */
  @Column('text')
  name!: string;

  @Column('text')
  state!: Principal['state'];

  @Column('jsonb')
  grants!: Principal['grants'];

  /** Grows with each change of the grants. */
  @Column('integer')
  version!: number;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;

  /** To the minute. */
  @Column('timestamptz', { name: 'last_seen_at', nullable: true })
  lastSeenAt!: Date | null;
}
