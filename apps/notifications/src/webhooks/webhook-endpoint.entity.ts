import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Where a tenant's events are sent to. */
@Entity('webhook_endpoint')
export class WebhookEndpointRow {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid', { name: 'operator_id' }) operatorId: string;
  @Column('text') url: string;
  /** Event types. */
  @Column('text', { array: true }) events: string[];
  /** Under a key derived from the master key; see Keyring.sealSecret. */
  @Column('text', { name: 'secret_sealed' }) secretSealed: string;
  @Column('text') status: 'active' | 'disabled';
  @Column('int') failures: number;
  @Column('timestamptz', { name: 'failing_since', nullable: true }) failingSince: Date | null;
  @Column('timestamptz', { name: 'paused_until', nullable: true }) pausedUntil: Date | null;
  @Column('text', { name: 'last_failure', nullable: true }) lastFailure: string | null;
  @Column('timestamptz', { name: 'disabled_at', nullable: true }) disabledAt: Date | null;
  /** The person or API client that registered it. */
  @Column('uuid', { name: 'created_by' }) createdBy: string;
  @Column('timestamptz', { name: 'created_at' }) createdAt: Date;
}
