import type { FindingSeverity } from '@doorstep/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Finding, FindingStatus } from './finding';
import type { Side } from './side';

@Entity('finding')
export class FindingEntity implements Finding {
  @PrimaryColumn('uuid')
  id: string;

  @Column('uuid', { name: 'operator_id' })
  operatorId: string;

  @Column('uuid', { name: 'site_id' })
  siteId: string;

  @Column('uuid', { name: 'inspection_id' })
  inspectionId: string;

  @Column('text', { name: 'raised_by' })
  raisedBy: Side;

  @Column('text', { nullable: true })
  item: string | null;

  @Column('text')
  severity: FindingSeverity;

  @Column('text')
  concerns: 'site' | 'kind' | 'offering';

  @Column('text', { nullable: true })
  kind: string | null;

  @Column('uuid', { name: 'offering_id', nullable: true })
  offeringId: string | null;

  @Column('text')
  description: string;

  @Column('date', { name: 'raised_on' })
  raisedOn: string;

  @Column('date', { name: 'rectify_by' })
  rectifyBy: string;

  @Column('text')
  status: FindingStatus;

  @Column('text', { nullable: true })
  rectification: string | null;

  @Column('date', { name: 'rectified_on', nullable: true })
  rectifiedOn: string | null;

  @Column('date', { name: 'overdue_since', nullable: true })
  overdueSince: string | null;

  @Column('date', { name: 'closed_on', nullable: true })
  closedOn: string | null;

  @Column('text', { name: 'closing_reason', nullable: true })
  closingReason: string | null;

  @Column('int')
  version: number;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;
}
