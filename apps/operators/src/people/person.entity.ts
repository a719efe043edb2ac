import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Person, PersonRole, PersonStatus } from './person';

@Entity('person')
export class PersonEntity implements Person {
  @PrimaryColumn('uuid')
  id: string;

  @Column('uuid', { name: 'operator_id', nullable: true })
  operatorId: string | null;

  @Column('uuid', { name: 'organisation_id', nullable: true })
  organisationId: string | null;

  @Column('text')
  login: string;

  @Column('text')
  name: string;

  @Column('text', { array: true })
  roles: PersonRole[];

  @Column('uuid', { name: 'site_ids', array: true })
  siteIds: string[];

  @Column('text')
  status: PersonStatus;

  /** argon2id; loaded only where a password is checked. */
  @Column('text', { name: 'password_hash', select: false })
  passwordHash: string;

  @Column('boolean', { name: 'password_must_change' })
  passwordMustChange: boolean;

  @Column('timestamptz', { name: 'one_time_password_expires_at', nullable: true })
  oneTimePasswordExpiresAt: Date | null;

  @Column('boolean', { name: 'first_administrator' })
  firstAdministrator: boolean;

  @Column('int')
  version: number;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;
}
