import type { Registration } from '@doorstep/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { ConsentPurpose, Sex } from './resident';

@Entity('resident')
export class ResidentEntity {
  @PrimaryColumn('uuid')
  id: string;

  @Column('uuid', { name: 'operator_id' })
  operatorId: string;

  @Column('uuid', { name: 'household_id', nullable: true })
  householdId: string | null;

  @Column('text', { name: 'region_code' })
  regionCode: string;

  @Column('date', { name: 'birth_date' })
  birthDate: string;

  @Column('text', { nullable: true })
  sex: Sex | null;

  @Column('text', { name: 'care_level', nullable: true })
  careLevel: string | null;

  @Column('date', { name: 'care_level_assessed_on', nullable: true })
  careLevelAssessedOn: string | null;

  @Column('boolean')
  hardship: boolean;

  @Column('boolean')
  disability: boolean;

  @Column('int', { name: 'birth_order', nullable: true })
  birthOrder: number | null;

  @Column('text', { nullable: true })
  registration: Registration | null;

  @Column('text', { name: 'registered_in', nullable: true })
  registeredIn: string | null;

  /** JSON of PersonalData under the resident's own key. */
  @Column('bytea', { nullable: true })
  sealed: Buffer | null;

  @Column('bytea', { name: 'mobile_index', nullable: true })
  mobileIndex: Buffer | null;

  @Column('bytea', { name: 'id_number_index', nullable: true })
  idNumberIndex: Buffer | null;

  @Column('bytea', { name: 'name_index', nullable: true })
  nameIndex: Buffer | null;

  @Column('bigint')
  version: number;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;

  @Column('timestamptz', { name: 'erased_at', nullable: true })
  erasedAt: Date | null;

  /** Where a record went that was found to be of the same person as another; such a one counts as erased, too. */
  @Column('uuid', { name: 'merged_into', nullable: true })
  mergedInto: string | null;

  @Column('timestamptz', { name: 'merged_at', nullable: true })
  mergedAt: Date | null;
}

@Entity('consent')
export class ConsentEntity {
  @PrimaryColumn('uuid')
  id: string;

  @Column('uuid', { name: 'operator_id' })
  operatorId: string;

  @Column('uuid', { name: 'resident_id' })
  residentId: string;

  @Column('text')
  purpose: ConsentPurpose;

  /** 'self', 'guardian' (not on record), or the guardian's resident id. */
  @Column('text', { name: 'granted_by' })
  grantedBy: string;

  @Column('timestamptz', { name: 'granted_at' })
  grantedAt: Date;

  @Column('timestamptz', { name: 'withdrawn_at', nullable: true })
  withdrawnAt: Date | null;
}

export const ACCESS_ACTIONS = ['view_full', 'export', 'erase', 'merge'] as const;

@Entity('access_log')
export class AccessLogEntity {
  @PrimaryColumn('uuid')
  id: string;

  @Column('uuid', { name: 'operator_id' })
  operatorId: string;

  @Column('uuid', { name: 'resident_id' })
  residentId: string;

  @Column('uuid', { name: 'actor_id' })
  actorId: string;

  @Column('text', { name: 'actor_kind' })
  actorKind: string;

  @Column('text')
  action: (typeof ACCESS_ACTIONS)[number];

  @Column('text', { name: 'correlation_id' })
  correlationId: string;

  @Column('timestamptz')
  at: Date;
}
