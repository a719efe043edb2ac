import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('space')
export class SpaceEntity {
  @PrimaryColumn('uuid')
  id: string;

  @Column('uuid', { name: 'operator_id' })
  operatorId: string;

  @Column('text', { name: 'region_code' })
  regionCode: string;

  @Column('uuid', { name: 'site_id' })
  siteId: string;

  @Column('text')
  name: string;

  @Column('text')
  kind: string;

  @Column('uuid', { name: 'parent_id', nullable: true })
  parentId: string | null;

  @Column('int')
  capacity: number;

  @Column('boolean')
  active: boolean;

  @Column('int')
  version: number;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;

  @Column('timestamptz', { name: 'updated_at' })
  updatedAt: Date;
}
