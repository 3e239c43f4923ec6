import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A repository as far as its graphs go: which of them is the newest, and whether it was removed. */
@Entity('repositories')
export class RepositoryEntity {
  @PrimaryColumn('text')
  tenant!: string;

  @PrimaryColumn('uuid', { name: 'repository_id' })
  repositoryId!: string;

  @Column('text')
  name!: string;

  @Column('timestamptz', { name: 'removed_at', nullable: true })
  removedAt!: Date | null;

  /** The job of the newest graph; null while there is none. */
  @Column('uuid', { name: 'head_job_id', nullable: true })
  headJobId!: string | null;

  @Column('text', { name: 'head_commit', nullable: true })
  headCommit!: string | null;

  @Column('text', { name: 'head_hash', nullable: true })
  headHash!: string | null;
}
