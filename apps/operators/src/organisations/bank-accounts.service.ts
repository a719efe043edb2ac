import { Injectable } from '@nestjs/common';
import { DomainError, newId, notFound } from '@doorstep/kernel';
import { Clock, currentActor, Database, type Tx } from '@doorstep/platform';
import { AuditLog } from '../audit/audit.service';
import { checkReach } from '../people/person';
import { insertOnce } from '../shared/insert.queries';
import { type BankAccount, closeBankAccount, enterBankAccount, maskAccountNumber } from './bank-account';
import { BankAccountEntity } from './bank-account.entity';
import type { BankAccountDto, BankAccountsDto, EnterBankAccountDto } from './bank-accounts.dto';
import type { OrganisationEntity } from './organisation.entity';
import { loadOrganisation } from './organisations.service';

/** Where an organisation's money goes. */
@Injectable()
export class BankAccountsService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly audit: AuditLog,
  ) {}

  enter(organisationId: string, command: EnterBankAccountDto): Promise<BankAccountDto> {
    return this.db.write(async (tx) => {
      const organisation = await this.own(tx, organisationId);
      const account = enterBankAccount(organisation, command, newId(), this.clock.now());
      if (!(await insertOnce(tx, BankAccountEntity, account))) throw alreadyOpen(account);
      await this.record(tx, 'bank-accounts:enter', account);
      return show(account);
    });
  }

  close(organisationId: string, id: string): Promise<BankAccountDto> {
    return this.db.write(async (tx) => {
      await this.own(tx, organisationId);
      const former = await tx.manager.findOne(BankAccountEntity, {
        where: { id, organisationId },
        lock: { mode: 'pessimistic_write' },
      });
      if (!former) throw notFound('bank account', id);
      const account = closeBankAccount(former, this.clock.now());
      if (account === former) return show(former);
      await tx.manager.update(BankAccountEntity, { id }, { closedAt: account.closedAt });
      await this.record(tx, 'bank-accounts:close', account);
      return show(account);
    });
  }

  list(organisationId: string): Promise<BankAccountsDto> {
    return this.db.read(async (tx) => {
      await this.own(tx, organisationId);
      const accounts = await tx.manager.find(BankAccountEntity, {
        where: { organisationId },
        order: { closedAt: { direction: 'DESC', nulls: 'FIRST' }, id: 'ASC' },
      });
      return { items: accounts.map(show) };
    });
  }

  private async own(tx: Tx, id: string): Promise<OrganisationEntity> {
    const organisation = await loadOrganisation(tx, id);
    checkReach(currentActor(), organisation);
    return organisation;
  }

  private record(tx: Tx, action: string, account: BankAccount): Promise<void> {
    return this.audit.record(tx, {
      action,
      entityId: account.organisationId,
      operatorId: account.operatorId,
      facts: { bankAccountId: account.id, purpose: account.purpose },
    });
  }
}

const SEES_NUMBERS = new Set(['administrator', 'owner', 'finance']);

function show(account: BankAccount): BankAccountDto {
  const { id, purpose, holder, bank, bankCode, openedAt, closedAt } = account;
  const whole = currentActor().roles.some((role) => SEES_NUMBERS.has(role));
  const number = whole ? account.number : maskAccountNumber(account.number);
  return { id, purpose, holder, bank, bankCode, number, openedAt, closedAt };
}

function alreadyOpen({ purpose }: BankAccount): DomainError {
  return new DomainError('conflict', 'bank_account_open', `There is an account for ${purpose} already.`, {
    field: 'purpose',
    mend: 'Close that one first: money for one purpose goes to one place.',
  });
}
