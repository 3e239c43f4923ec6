import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Wrong passwords in a row. */
@Entity('login_failures')
export class LoginFailuresEntity {
  @PrimaryColumn('text')
  tenant!: string;

  /** A principal's id, or `name:` and a keyed hash of a name that nobody has. */
  @PrimaryColumn('text')
  subject!: string;

  @Column('integer')
  failures!: number;

  /** Since when they are counted. */
  @Column('timestamptz')
  since!: Date;

  @Column('timestamptz', { name: 'locked_until', nullable: true })
  lockedUntil!: Date | null;

  /** How often it was locked since the last success. */
  @Column('integer')
  locks!: number;

  @Column('timestamptz', { name: 'last_at' })
  lastAt!: Date;
}
