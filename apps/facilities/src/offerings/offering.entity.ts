import type {
  CapacityModel,
  CareLevel,
  DeliveryPlace,
  ServiceMode,
  UnpricedPolicy,
} from '@doorstep/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Offering, Window } from './offering';

@Entity('offering')
export class OfferingEntity implements Offering {
  @PrimaryColumn('uuid')
  id: string;

  @Column('uuid', { name: 'operator_id' })
  operatorId: string;

  @Column('text', { name: 'region_code' })
  regionCode: string;

  @Column('uuid', { name: 'site_id' })
  siteId: string;

  @Column('text')
  code: string;

  @Column('text', { name: 'name_zh' })
  nameZh: string;

  @Column('text', { name: 'name_en', nullable: true })
  nameEn: string | null;

  @Column('text')
  kind: string;

  @Column('text')
  mode: ServiceMode;

  @Column('text')
  delivery: DeliveryPlace;

  @Column('text', { name: 'capacity_model' })
  capacityModel: CapacityModel;

  @Column('int')
  capacity: number;

  @Column('int', { name: 'staff_ratio', nullable: true })
  staffRatio: number | null;

  @Column('int', { name: 'staff_count', nullable: true })
  staffCount: number | null;

  @Column('uuid', { name: 'space_id', nullable: true })
  spaceId: string | null;

  @Column('int', { name: 'age_months_min', nullable: true })
  ageMonthsMin: number | null;

  @Column('int', { name: 'age_months_max', nullable: true })
  ageMonthsMax: number | null;

  @Column('text', { name: 'care_level_min', nullable: true })
  careLevelMin: CareLevel | null;

  @Column('text', { array: true })
  skills: string[];

  @Column('text', { array: true })
  licences: string[];

  @Column('jsonb')
  schedule: Window[];

  @Column('int', { name: 'lead_minutes' })
  leadMinutes: number;

  @Column('int', { name: 'cutoff_minutes' })
  cutoffMinutes: number;

  @Column('int', { name: 'buffer_minutes' })
  bufferMinutes: number;

  @Column('text', { name: 'unpriced_policy' })
  unpricedPolicy: UnpricedPolicy;

  @Column('boolean')
  active: boolean;

  @Column('int')
  version: number;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;

  @Column('timestamptz', { name: 'updated_at' })
  updatedAt: Date;
}
