import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Licence } from './licence';

@Entity('licence')
export class LicenceEntity implements Licence {
  @PrimaryColumn('uuid')
  id: string;

  @Column('uuid', { name: 'operator_id' })
  operatorId: string;

  @Column('uuid', { name: 'site_id' })
  siteId: string;

  @Column('text')
  type: string;

  @Column('text')
  number: string;

  @Column('text', { nullable: true })
  issuer: string | null;

  @Column('date', { name: 'valid_from' })
  validFrom: string;

  @Column('date', { name: 'valid_to', nullable: true })
  validTo: string | null;

  @Column('date', { name: 'revoked_on', nullable: true })
  revokedOn: string | null;

  @Column('text', { name: 'revoked_reason', nullable: true })
  revokedReason: string | null;

  @Column('uuid', { nullable: true })
  renews: string | null;

  @Column('int')
  version: number;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;
}
