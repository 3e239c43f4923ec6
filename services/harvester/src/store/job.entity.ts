import type { Job } from '@granary/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A harvest of one repository, from the request to its end. */
@Entity('jobs')
export class JobEntity {
  /** A UUID of version 7, so that job ids grow in time. */
  @PrimaryColumn('uuid', { name: 'job_id' })
  jobId!: string;

  @Column('text')
  tenant!: string;

  @Column('uuid', { name: 'repository_id' })
  repositoryId!: string;

  @Column('text')
  name!: string;

  @Column('text')
  state!: Job['state'];

  @Column('text')
  reason!: Job['reason'];

  @Column('text', { name: 'correlation_id' })
  correlationId!: string;

  /** The W3C trace context in which it was asked for; null when nobody traced that. */
  @Column('text', { nullable: true })
  traceparent!: string | null;

  /** The work for which it was asked for, as W3C Baggage; null when nobody said. */
  @Column('text', { nullable: true })
  baggage!: string | null;

  /** The last event announced about this job: it causes the next. */
  @Column('uuid', { name: 'last_event_id' })
  lastEventId!: string;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'started_at', nullable: true })
  startedAt!: Date | null;

  @Column('timestamptz', { name: 'finished_at', nullable: true })
  finishedAt!: Date | null;

  @Column('integer')
  attempts!: number;

  /** A job that waits for another attempt is not taken before this. */
  @Column('timestamptz', { name: 'not_before' })
  notBefore!: Date;

  /** The harvester that works on it, one name a process; null when none does. */
  @Column('text', { name: 'lease_owner', nullable: true })
  leaseOwner!: string | null;

  /** When somebody else may take it over. */
  @Column('timestamptz', { name: 'lease_until', nullable: true })
  leaseUntil!: Date | null;

  @Column('text', { nullable: true })
  commit!: string | null;

  @Column('smallint', { nullable: true })
  tier!: 1 | 2 | 3 | null;

  @Column('jsonb')
  progress!: Job['progress'];

  @Column('jsonb')
  stages!: Job['stages'];

  @Column('jsonb', { nullable: true })
  counts!: Job['counts'];

  @Column('jsonb', { nullable: true })
  error!: Job['error'];
}
