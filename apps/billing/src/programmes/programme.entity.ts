import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Eligibility } from './eligibility';
import type { Base, Caps } from './programme';

@Entity('programme')
export class ProgrammeEntity {
  @PrimaryColumn('uuid')
  id: string;

  @Column('text')
  code: string;

  @Column('text', { name: 'name_zh' })
  nameZh: string;

  @Column('text', { name: 'name_en', nullable: true })
  nameEn: string | null;

  @Column('uuid', { name: 'funder_id' })
  funderId: string;

  @Column('text')
  payer: 'funder' | 'operator';

  @Column('text', { name: 'region_prefix' })
  regionPrefix: string;

  @Column('uuid', { name: 'created_by' })
  createdBy: string;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;

  @Column('bigint')
  version: number;
}

@Entity('programme_terms')
export class TermsEntity {
  @PrimaryColumn('uuid')
  id: string;

  @Column('uuid', { name: 'programme_id' })
  programmeId: string;

  @Column('date', { name: 'from_day' })
  from: string;

  @Column('date', { name: 'to_day', nullable: true })
  to: string | null;

  @Column('text', { array: true })
  kinds: string[];

  @Column('text', { array: true, nullable: true })
  modes: string[] | null;

  @Column('jsonb')
  eligibility: Eligibility;

  @Column('text')
  base: Base;

  @Column('int', { name: 'rate_bp', nullable: true })
  rateBp: number | null;

  @Column('bigint', { name: 'fixed_fen', nullable: true })
  fixedFen: number | null;

  @Column('bigint', { name: 'minimum_gross_fen', nullable: true })
  minimumGrossFen: number | null;

  @Column('jsonb')
  caps: Caps;

  @Column('int', { name: 'position' })
  order: number;

  @Column('text', { array: true })
  excludes: string[];

  @Column('uuid', { name: 'created_by' })
  createdBy: string;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;
}

@Entity('programme_budget')
export class BudgetEntity {
  @PrimaryColumn('uuid')
  id: string;

  @Column('uuid', { name: 'programme_id' })
  programmeId: string;

  @Column('text')
  period: string;

  @Column('text', { name: 'region_prefix' })
  regionPrefix: string;

  @Column('bigint', { name: 'amount_fen' })
  amountFen: number;

  @Column('bigint', { name: 'reserved_fen' })
  reservedFen: number;

  @Column('bigint', { name: 'spent_fen' })
  spentFen: number;

  @Column('uuid', { name: 'created_by' })
  createdBy: string;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;

  @Column('bigint')
  version: number;
}
