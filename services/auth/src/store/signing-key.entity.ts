import type { KeyLife, PublicJwk } from '@granary/security';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A key that signs access tokens. Of no tenant. */
@Entity('signing_keys')
export class SigningKeyEntity {
  @PrimaryColumn('text')
  kid!: string;

  @Column('text')
  state!: KeyLife['state'];

  @Column('timestamptz')
  since!: Date;

  @Column('jsonb', { name: 'public_jwk' })
  publicJwk!: PublicJwk;

  /** The private half, sealed with the key of the data folder; gone when it no longer signs. */
  @Column('bytea', { name: 'sealed_private', nullable: true })
  sealedPrivate!: Buffer | null;
}
