import type { SiteStatus } from '@doorstep/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Crs } from '@doorstep/kernel';
import type { HolidayRule, WorkdayRule } from './holidays';
import type { OpeningOverride, WeeklySpan } from './opening-hours';
import type { SiteCommand, SiteForm, SiteTier, SpaceSource } from './site';

@Entity('site')
export class SiteEntity {
  @PrimaryColumn('uuid')
  id: string;

  @Column('uuid', { name: 'operator_id' })
  operatorId: string;

  @Column('text')
  code: string;

  @Column('text', { name: 'name_zh' })
  nameZh: string;

  @Column('text', { name: 'name_en', nullable: true })
  nameEn: string | null;

  @Column('text', { name: 'region_code' })
  regionCode: string;

  @Column('text')
  form: SiteForm;

  @Column('text')
  tier: SiteTier;

  @Column('text', { name: 'space_source' })
  spaceSource: SpaceSource;

  @Column('text')
  status: SiteStatus;

  /** WGS-84 degrees. */
  @Column('double precision')
  lng: number;

  @Column('double precision')
  lat: number;

  @Column('double precision', { name: 'source_lng' })
  sourceLng: number;

  @Column('double precision', { name: 'source_lat' })
  sourceLat: number;

  @Column('text', { name: 'source_crs' })
  sourceCrs: Crs;

  @Column('text', { name: 'time_zone' })
  timeZone: string;

  @Column('double precision', { name: 'area_m2' })
  areaM2: number;

  @Column('jsonb', { name: 'opening_hours' })
  openingHours: WeeklySpan[];

  @Column('jsonb', { name: 'opening_overrides' })
  openingOverrides: OpeningOverride[];

  @Column('text', { name: 'on_holiday' })
  onHoliday: HolidayRule;

  @Column('text', { name: 'on_make_up_workday' })
  onMakeUpWorkday: WorkdayRule;

  /** Exceptions have been told up to this day. */
  @Column('date', { name: 'hours_told_until' })
  hoursToldUntil: string;

  /** Where the holiday calendar ended when they were. */
  @Column('date', { name: 'calendar_told_until' })
  calendarToldUntil: string;

  @Column('int')
  version: number;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;

  @Column('timestamptz', { name: 'updated_at' })
  updatedAt: Date;
}

@Entity('site_milestone')
export class SiteMilestoneEntity {
  @PrimaryColumn('uuid')
  id: string;

  @Column('uuid', { name: 'operator_id' })
  operatorId: string;

  @Column('text', { name: 'region_code' })
  regionCode: string;

  @Column('uuid', { name: 'site_id' })
  siteId: string;

  /** `enter` is how a site came into the system. */
  @Column('text')
  command: SiteCommand | 'enter';

  @Column('text')
  status: SiteStatus;

  @Column('date')
  day: string;

  @Column('text', { nullable: true })
  note: string | null;

  @Column('uuid', { name: 'recorded_by' })
  recordedBy: string;

  @Column('timestamptz', { name: 'recorded_at' })
  recordedAt: Date;
}
