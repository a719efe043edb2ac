import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Staff } from './staff';

@Entity('staff')
export class StaffEntity implements Staff {
  @PrimaryColumn('uuid')
  id: string;

  @Column('uuid', { name: 'operator_id' })
  operatorId: string;

  @Column('uuid', { name: 'person_id', nullable: true })
  personId: string | null;

  @Column('text')
  name: string;

  @Column('text', { name: 'job_title' })
  jobTitle: string;

  @Column('text', { array: true })
  skills: string[];

  @Column('uuid', { name: 'site_ids', array: true })
  siteIds: string[];

  @Column('boolean')
  active: boolean;

  @Column('boolean')
  rostered: boolean;

  @Column('int')
  version: number;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;
}
