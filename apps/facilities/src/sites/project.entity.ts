import type { Day, Fen } from '@doorstep/kernel';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Funding, Project } from './project';

@Entity('site_project')
export class SiteProjectEntity implements Project {
  @PrimaryColumn('uuid', { name: 'site_id' })
  siteId: string;

  @Column('uuid', { name: 'operator_id' })
  operatorId: string;

  @Column('text', { name: 'region_code' })
  regionCode: string;

  @Column('bigint', { name: 'cost_fen', nullable: true })
  costFen: Fen | null;

  @Column('jsonb')
  funding: Funding[];

  @Column('date', { name: 'planned_start', nullable: true })
  plannedStart: Day | null;

  @Column('date', { name: 'planned_opening', nullable: true })
  plannedOpening: Day | null;

  @Column('int')
  version: number;

  @Column('timestamptz', { name: 'updated_at' })
  updatedAt: Date;
}
