import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { ResidentChannel } from './preference';

/** How a resident wants to hear from an operator by one channel; no row: by the defaults. */
@Entity('preference')
export class PreferenceRow {
  @PrimaryColumn('uuid', { name: 'operator_id' }) operatorId: string;
  @PrimaryColumn('uuid', { name: 'resident_id' }) residentId: string;
  @PrimaryColumn('text') channel: ResidentChannel;
  @Column('boolean') enabled: boolean;
  @Column('text', { nullable: true }) language: string | null;
  @Column('text', { name: 'quiet_from', nullable: true }) quietFrom: string | null;
  @Column('text', { name: 'quiet_to', nullable: true }) quietTo: string | null;
  @Column('timestamptz', { name: 'updated_at' }) updatedAt: Date;
}
