import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A repository that is watched, or was. */
@Entity('repositories')
export class RepositoryEntity {
  @PrimaryColumn('uuid', { name: 'repository_id' })
  repositoryId!: string;

  @Column('text')
  tenant!: string;

  @Column('text')
  name!: string;

  /** Without credentials. */
  @Column('text')
  location!: string;

  @Column('text')
  transport!: 'file' | 'https' | 'http' | 'ssh' | 'git';

  /** Sealed with the key of this installation; null when there are none. */
  @Column('bytea', { name: 'sealed_credentials', nullable: true })
  sealedCredentials!: Buffer | null;

  /** Null follows the default branch of the remote. */
  @Column('text', { nullable: true })
  branch!: string | null;

  @Column('text')
  state!: 'active' | 'removed';

  @Column('text', { name: 'head_ref', nullable: true })
  headRef!: string | null;

  @Column('text', { name: 'head_commit', nullable: true })
  headCommit!: string | null;

  /** When the head was last seen to move; polling is the rarer the longer ago that is. */
  @Column('timestamptz', { name: 'head_moved_at' })
  headMovedAt!: Date;

  @Column('text', { name: 'harvested_commit', nullable: true })
  harvestedCommit!: string | null;

  /** The artifact with the facts of the harvested commit; null before the first harvest. */
  @Column('text', { name: 'pack_digest', nullable: true })
  packDigest!: string | null;

  /** When the facts of that artifact were last seen to be in use. */
  @Column('timestamptz', { name: 'facts_marked_at', nullable: true })
  factsMarkedAt!: Date | null;

  /** The commit that the gate withheld at the last harvest; null when that completed. */
  @Column('text', { name: 'withheld_commit', nullable: true })
  withheldCommit!: string | null;

  /** When it was first seen that its head was not harvested yet; null while it is, withheld or not. */
  @Column('timestamptz', { name: 'unharvested_since', nullable: true })
  unharvestedSince!: Date | null;

  @Column('timestamptz', { name: 'last_polled_at', nullable: true })
  lastPolledAt!: Date | null;

  @Column('text', { name: 'last_error', nullable: true })
  lastError!: string | null;

  @Column('timestamptz', { name: 'next_poll_at' })
  nextPollAt!: Date;

  /** Polls that failed one after the other. */
  @Column('integer', { name: 'poll_failures' })
  pollFailures!: number;

  /** Harvests that failed one after the other. */
  @Column('integer', { name: 'harvest_failures' })
  harvestFailures!: number;

  /** When a failed harvest is tried anew without anybody asking; null when there is nothing to retry. */
  @Column('timestamptz', { name: 'retry_at', nullable: true })
  retryAt!: Date | null;

  @Column('timestamptz', { name: 'registered_at' })
  registeredAt!: Date;

  @Column('timestamptz', { name: 'removed_at', nullable: true })
  removedAt!: Date | null;
}
