import type { Finding } from '@granary/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Something that was found in a repository, without the thing itself, and what was decided about it. */
@Entity('findings')
export class FindingEntity {
  @PrimaryColumn('uuid', { name: 'repository_id' })
  repositoryId!: string;

  @PrimaryColumn('text', { name: 'finding_id' })
  findingId!: string;

  /** Grows with every finding that is new: by it pages are read. */
  @Column({ type: 'bigint', insert: false, update: false })
  number!: string;

  @Column('text')
  tenant!: string;

  @Column('text')
  kind!: Finding['kind'];

  @Column('text')
  rule!: string;

  @Column('text')
  severity!: Finding['severity'];

  @Column('text')
  path!: string;

  @Column('integer')
  line!: number;

  @Column('integer')
  column!: number;

  @Column('integer', { name: 'end_line' })
  endLine!: number;

  @Column('integer', { name: 'end_column' })
  endColumn!: number;

  @Column('text')
  hash!: string;

  @Column('text')
  preview!: string;

  /** The reason that a comment in the file gives; null without one. */
  @Column('text', { name: 'inline_reason', nullable: true })
  inlineReason!: string | null;

  /** The reason of somebody who let it stay; null when nobody did. It outlives the finding, should that come back. */
  @Column('text', { name: 'decision_reason', nullable: true })
  decisionReason!: string | null;

  @Column('timestamptz', { name: 'decided_at', nullable: true })
  decidedAt!: Date | null;

  @Column('text', { name: 'first_seen_commit' })
  firstSeenCommit!: string;

  @Column('timestamptz', { name: 'first_seen_at' })
  firstSeenAt!: Date;

  /** When a commit without it was harvested; null while it is there. */
  @Column('timestamptz', { name: 'resolved_at', nullable: true })
  resolvedAt!: Date | null;
}
