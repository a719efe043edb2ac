import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Operation, Organisation, OrganisationKind } from './organisation';

@Entity('organisation')
export class OrganisationEntity implements Organisation {
  @PrimaryColumn('uuid')
  id: string;

  @Column('uuid', { name: 'operator_id', nullable: true })
  operatorId: string | null;

  @Column('uuid', { name: 'parent_id', nullable: true })
  parentId: string | null;

  @Column('text')
  kind: OrganisationKind;

  @Column('text', { nullable: true })
  operation: Operation | null;

  @Column('text')
  name: string;

  @Column('text', { name: 'credit_code' })
  creditCode: string;

  @Column('text', { name: 'credit_code_override_reason', nullable: true })
  creditCodeOverrideReason: string | null;

  @Column('text', { name: 'region_code', nullable: true })
  regionCode: string | null;

  @Column('int')
  version: number;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;
}
