import type { ComplaintSeverity } from '@doorstep/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Complaint, ComplaintStatus } from './complaint';

@Entity('complaint')
export class ComplaintEntity implements Complaint {
  @PrimaryColumn('uuid')
  id: string;

  @Column('uuid', { name: 'operator_id' })
  operatorId: string;

  @Column('uuid', { name: 'site_id' })
  siteId: string;

  @Column('uuid', { name: 'booking_id', nullable: true })
  bookingId: string | null;

  @Column('text')
  category: string;

  @Column('text')
  severity: ComplaintSeverity;

  @Column('text')
  text: string;

  @Column('uuid', { name: 'owner_id', nullable: true })
  ownerId: string | null;

  @Column('date', { name: 'opened_on' })
  openedOn: string;

  @Column('date', { name: 'answer_by' })
  answerBy: string;

  @Column('text')
  status: ComplaintStatus;

  @Column('text', { nullable: true })
  answer: string | null;

  @Column('date', { name: 'answered_on', nullable: true })
  answeredOn: string | null;

  @Column('boolean', { nullable: true })
  upheld: boolean | null;

  @Column('date', { name: 'closed_on', nullable: true })
  closedOn: string | null;

  @Column('date', { name: 'overdue_since', nullable: true })
  overdueSince: string | null;

  @Column('int')
  reopened: number;

  @Column('int')
  version: number;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;
}
