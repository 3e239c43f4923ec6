import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What is kept of a person's password. */
@Entity('passwords')
export class PasswordEntity {
  @PrimaryColumn('uuid', { name: 'principal_id' })
  principalId!: string;

  @Column('text')
  tenant!: string;

  /** An argon2id hash in the PHC string format. */
  @Column('text')
  phc!: string;

  @Column('timestamptz', { name: 'changed_at' })
  changedAt!: Date;
}
