import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A tenant; `_platform` is one, too. */
@Entity('tenants')
export class TenantEntity {
  @PrimaryColumn('text')
  tenant!: string;

  @Column('text')
  name!: string;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;
}
