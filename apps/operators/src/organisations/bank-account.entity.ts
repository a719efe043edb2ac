import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { BankAccount, BankAccountPurpose } from './bank-account';

@Entity('bank_account')
export class BankAccountEntity implements BankAccount {
  @PrimaryColumn('uuid')
  id: string;

  @Column('uuid', { name: 'operator_id', nullable: true })
  operatorId: string | null;

  @Column('uuid', { name: 'organisation_id' })
  organisationId: string;

  @Column('text')
  purpose: BankAccountPurpose;

  @Column('text')
  holder: string;

  @Column('text')
  bank: string;

  @Column('text', { name: 'bank_code', nullable: true })
  bankCode: string | null;

  @Column('text')
  number: string;

  @Column('timestamptz', { name: 'opened_at' })
  openedAt: Date;

  @Column('timestamptz', { name: 'closed_at', nullable: true })
  closedAt: Date | null;
}
