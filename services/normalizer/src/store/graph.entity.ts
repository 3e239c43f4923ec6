import type { GraphCounts, LanguageShare } from '@granary/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The graph that one harvest gave. Its bytes are the artifact whose digest is the graph's hash. */
@Entity('graphs')
export class GraphEntity {
  @PrimaryColumn('text')
  tenant!: string;

  /** The harvest job: a UUID of version 7, so job ids of a repository grow in time. */
  @PrimaryColumn('uuid', { name: 'job_id' })
  jobId!: string;

  @Column('uuid', { name: 'repository_id' })
  repositoryId!: string;

  @Column('text')
  name!: string;

  @Column('text')
  commit!: string;

  @Column('text')
  hash!: string;

  /** Size of the graph, uncompressed. */
  @Column('integer')
  bytes!: number;

  @Column('smallint')
  tier!: 1 | 2 | 3;

  @Column('jsonb')
  counts!: GraphCounts;

  @Column('jsonb')
  completeness!: { unresolved: number; skipped: number; missingLocks: string[] };

  @Column('jsonb')
  languages!: LanguageShare[];

  @Column('timestamptz', { name: 'normalized_at' })
  normalizedAt!: Date;
}
