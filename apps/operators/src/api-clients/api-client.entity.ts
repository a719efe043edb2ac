import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A front-end's key to the platform. */
@Entity('api_client')
export class ApiClientEntity {
  @PrimaryColumn('uuid')
  id: string;

  @Column('uuid', { name: 'operator_id' })
  operatorId: string;

  @Column('uuid', { name: 'organisation_id' })
  organisationId: string;

  @Column('text')
  name: string;

  /** Null: all that a front-end may do. */
  @Column('text', { array: true, nullable: true })
  scopes: string[] | null;

  /** SHA-256; loaded only where a key is verified. */
  @Column('text', { name: 'secret_hash', select: false })
  secretHash: string;

  /** Cut to the hour. */
  @Column('timestamptz', { name: 'last_used_at', nullable: true })
  lastUsedAt: Date | null;

  @Column('timestamptz', { name: 'revoked_at', nullable: true })
  revokedAt: Date | null;

  @Column('int')
  version: number;

  @Column('uuid', { name: 'created_by' })
  createdBy: string;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;
}
