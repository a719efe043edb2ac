import { DomainError } from '@doorstep/kernel';

/** What the money that goes there is for. */
export const BANK_ACCOUNT_PURPOSES = ['settlement', 'subsidy', 'deposit'] as const;
export type BankAccountPurpose = (typeof BANK_ACCOUNT_PURPOSES)[number];

/** An account of an organisation; one open for each purpose. */
export interface BankAccount {
  id: string;
  organisationId: string;
  operatorId: string | null;
  purpose: BankAccountPurpose;
  /** Whose name the account is in; the bank compares it. */
  holder: string;
  bank: string;
  /** 12 digits of the payment system (CNAPS); null when it was not given. */
  bankCode: string | null;
  number: string;
  openedAt: Date;
  closedAt: Date | null;
}

export interface EnterBankAccount {
  purpose: BankAccountPurpose;
  holder: string;
  bank: string;
  bankCode?: string;
  number: string;
}

export function enterBankAccount(
  organisation: { id: string; operatorId: string | null },
  command: EnterBankAccount,
  id: string,
  now: Date,
): BankAccount {
  const number = command.number.replace(/[\s-]/g, '');
  if (!/^\d{8,32}$/.test(number)) {
    throw new DomainError('invalid', 'account_number_malformed', 'This is no account number.', {
      field: 'number',
      mend: 'Give 8 to 32 digits; blanks and hyphens between them are fine.',
    });
  }
  return {
    id,
    organisationId: organisation.id,
    operatorId: organisation.operatorId,
    purpose: command.purpose,
    holder: command.holder.trim(),
    bank: command.bank.trim(),
    bankCode: command.bankCode ?? null,
    number,
    openedAt: now,
    closedAt: null,
  };
}

/** Closes an account; one that is closed already stays as it was. */
export function closeBankAccount(account: BankAccount, now: Date): BankAccount {
  return account.closedAt ? account : { ...account, closedAt: now };
}

/** The last four digits, for whoever only has to recognise the account. */
export function maskAccountNumber(number: string): string {
  return `${'*'.repeat(number.length - 4)}${number.slice(-4)}`;
}
