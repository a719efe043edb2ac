import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Band } from './bands';
import type { Price, PriceUnit } from './price';

@Entity('price')
export class PriceEntity implements Price {
  @PrimaryColumn('uuid')
  id: string;

  @Column('uuid', { name: 'operator_id' })
  operatorId: string;

  @Column('uuid', { name: 'contract_id' })
  contractId: string;

  @Column('uuid', { name: 'site_id', nullable: true })
  siteId: string | null;

  @Column('text')
  kind: string;

  @Column('text', { nullable: true })
  mode: string | null;

  @Column('text', { name: 'age_class', nullable: true })
  ageClass: string | null;

  @Column('text')
  unit: PriceUnit;

  @Column('bigint', { name: 'amount_fen' })
  amountFen: number;

  @Column('jsonb')
  bands: Band[];

  @Column('int', { name: 'step_minutes' })
  stepMinutes: number;

  @Column('date', { name: 'from_day' })
  from: string;

  @Column('date', { name: 'to_day', nullable: true })
  to: string | null;

  @Column('timestamptz', { name: 'withdrawn_at', nullable: true })
  withdrawnAt: Date | null;

  @Column('uuid', { name: 'created_by' })
  createdBy: string;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;

  @Column('bigint')
  version: number;
}
