import { Column, Entity, PrimaryColumn } from 'typeorm';

/** People who live together: guardians are found through it. Carries nothing personal but the community. */
@Entity('household')
export class HouseholdEntity {
  @PrimaryColumn('uuid')
  id: string;

  @Column('uuid', { name: 'operator_id' })
  operatorId: string;

  @Column('text', { name: 'region_code' })
  regionCode: string;

  @Column('bigint')
  version: number;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;
}
