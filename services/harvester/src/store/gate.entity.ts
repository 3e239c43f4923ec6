import type { CustomRule, HarvesterGateShowResponse } from '@granary/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** How the secrets gate of a tenant is set; a tenant without a row has the defaults. */
@Entity('gates')
export class GateEntity {
  @PrimaryColumn('text')
  tenant!: string;

  @Column('text')
  mode!: HarvesterGateShowResponse['mode'];

  @Column('jsonb')
  rules!: CustomRule[];

  @Column('timestamptz', { name: 'updated_at' })
  updatedAt!: Date;
}
