import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A session or API key whose tokens are refused although they have not expired. */
@Entity('revocations')
export class RevocationEntity {
  @PrimaryColumn('text')
  sid!: string;

  @Column('text')
  tenant!: string;

  /** When the last of its tokens has expired. */
  @Column('timestamptz')
  until!: Date;
}
