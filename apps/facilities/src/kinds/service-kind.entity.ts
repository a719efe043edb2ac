import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('service_kind')
export class ServiceKindEntity {
  @PrimaryColumn('text')
  code: string;

  @Column('text', { name: 'name_zh' })
  nameZh: string;

  @Column('text', { name: 'name_en' })
  nameEn: string;

  @Column('boolean', { name: 'urgent_and_scarce' })
  urgentAndScarce: boolean;

  /** A city's own kind; null: everywhere. */
  @Column('text', { name: 'region_code', nullable: true })
  regionCode: string | null;

  /** Modes that fit it; none: all. */
  @Column('text', { array: true })
  modes: string[];

  @Column('int')
  place: number;

  @Column('boolean')
  active: boolean;

  @Column('int')
  version: number;
}
