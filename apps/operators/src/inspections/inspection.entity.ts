import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { ItemResult } from './checklist';
import type { Inspection, InspectionStatus } from './inspection';
import type { Side } from './side';

@Entity('inspection')
export class InspectionEntity implements Inspection {
  @PrimaryColumn('uuid')
  id: string;

  @Column('uuid', { name: 'operator_id' })
  operatorId: string;

  @Column('uuid', { name: 'site_id' })
  siteId: string;

  @Column('uuid', { name: 'checklist_id' })
  checklistId: string;

  @Column('text', { nullable: true })
  kind: string | null;

  @Column('text', { name: 'inspected_by' })
  inspectedBy: Side;

  @Column('uuid', { name: 'inspector_organisation_id', nullable: true })
  inspectorOrganisationId: string | null;

  @Column('uuid', { name: 'inspector_id' })
  inspectorId: string;

  @Column('date', { name: 'planned_on' })
  plannedOn: string;

  @Column('text')
  status: InspectionStatus;

  @Column('text', { name: 'status_reason', nullable: true })
  statusReason: string | null;

  @Column('date', { name: 'carried_out_on', nullable: true })
  carriedOutOn: string | null;

  @Column('jsonb', { nullable: true })
  results: ItemResult[] | null;

  @Column('int', { name: 'score_bp', nullable: true })
  scoreBp: number | null;

  @Column('date', { name: 'closed_on', nullable: true })
  closedOn: string | null;

  @Column('int')
  version: number;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;
}
