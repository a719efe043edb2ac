import { assert, formatYuan, type Day, type Fen } from '@doorstep/kernel';
import { addDays } from '../shared/days';
import type { AccountClass } from './account';

/** Plain-text accounting: https://beancount.github.io/docs/ and https://hledger.org/hledger.html */
export const EXPORT_FORMATS = ['beancount', 'hledger'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

export interface ExportedAccount {
  id: string;
  contractId: string;
  kind: string;
  class: AccountClass;
  siteId: string | null;
  serviceKind: string | null;
  funderId: string | null;
  channel: string | null;
  /** Of its first line. */
  firstDay: Day;
  balanceFen: Fen;
  /** What people call its contract, site and funder, as far as that is known. */
  contract: string | null;
  site: string | null;
  funder: string | null;
}

export interface ExportedEntry {
  id: string;
  number: number;
  bookedOn: Day;
  reason: string;
  sourceType: string;
  sourceId: string;
  lines: { accountId: string; amountFen: Fen; chargeId: string | null }[];
}

const ROOTS: Record<AccountClass, string> = {
  asset: 'Assets',
  liability: 'Liabilities',
  income: 'Income',
  expense: 'Expenses',
};

/** Gives every account a name that both tools take: parts begin with a capital and hold letters, digits and dashes. */
export function accountNames(accounts: readonly ExportedAccount[]): Map<string, string> {
  const names = new Map<string, string>();
  const taken = new Set<string>();
  for (const account of accounts) {
    const short = nameOf(account, (id) => id.slice(-12));
    const name = taken.has(short) ? nameOf(account, (id) => id) : short;
    assert(!taken.has(name), `the account name ${name} is given once`);
    taken.add(name);
    names.set(account.id, name);
  }
  return names;
}

function nameOf(account: ExportedAccount, write: (id: string) => string): string {
  const { class: side, kind, contractId, siteId, serviceKind, funderId, channel } = account;
  return [
    ROOTS[side],
    capital(kind),
    `C-${write(contractId)}`,
    siteId && `S-${write(siteId)}`,
    serviceKind && capital(serviceKind),
    funderId && `F-${write(funderId)}`,
    channel && capital(channel),
  ]
    .filter(Boolean)
    .join(':');
}

/** Ids stand in the names of accounts, since they last; beside them the account says whose it is, so that people can read it. */
function tagsOf({ id, contract, site, funder }: ExportedAccount): [tag: string, value: string][] {
  const said = Object.entries({ contract, site, funder }).filter(([, value]) => value !== null);
  return [['account-id', id], ...said.map(([tag, value]): [string, string] => [tag, plain(value as string)])];
}

/** Without what ends a value for either tool. */
const plain = (text: string): string => text.replace(/[\s,;:"\\]+/g, ' ').trim();

/** `service_revenue` → `ServiceRevenue`; what neither tool takes in a name is left out. */
function capital(words: string): string {
  const name = words
    .split(/[^A-Za-z0-9]+/)
    .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))
    .join('');
  return /^[A-Z]/.test(name) ? name : `X${name}`;
}

export interface Writer {
  opening(accounts: readonly ExportedAccount[], names: Map<string, string>): string;
  entry(entry: ExportedEntry, names: Map<string, string>): string;
  /** What every account comes to, for the tool to check. */
  closing(accounts: readonly ExportedAccount[], names: Map<string, string>, lastDay: Day): string;
}

export const WRITERS: Record<ExportFormat, Writer> = {
  beancount: {
    opening: (accounts, names) =>
      [
        'option "title" "Doorstep ledger"',
        'option "operating_currency" "CNY"',
        '',
        ...accounts.flatMap((account) => [
          `${account.firstDay} open ${names.get(account.id)} CNY`,
          ...tagsOf(account).map(([tag, value]) => `  ${tag}: "${value}"`),
        ]),
        '\n',
      ].join('\n'),
    entry: ({ id, number, bookedOn, reason, sourceType, sourceId, lines }, names) =>
      [
        `${bookedOn} * "${reason}" "${sourceType}"`,
        `  entry: "${id}"`,
        `  number: ${number}`,
        `  source: "${sourceId}"`,
        ...lines.map((line) => `  ${names.get(line.accountId)}  ${formatYuan(line.amountFen)} CNY`),
        '\n',
      ].join('\n'),
    // A balance holds at the beginning of its day.
    closing: (accounts, names, lastDay) =>
      accounts
        .map(
          ({ id, balanceFen }) =>
            `${addDays(lastDay, 1)} balance ${names.get(id)} ${formatYuan(balanceFen)} CNY\n`,
        )
        .join(''),
  },
  hledger: {
    opening: (accounts, names) =>
      [
        '; Doorstep ledger',
        'commodity 1000.00 CNY',
        '',
        ...accounts.map((account) => {
          const tags = tagsOf(account).map(([tag, value]) => `${tag}: ${value}`);
          return `account ${names.get(account.id)}  ; ${tags.join(', ')}`;
        }),
        '\n',
      ].join('\n'),
    entry: ({ id, number, bookedOn, reason, sourceType, sourceId, lines }, names) =>
      [
        `${bookedOn} * (${number}) ${reason} | ${sourceType}  ; entry:${id}, source:${sourceId}`,
        ...lines.map((line) => `    ${names.get(line.accountId)}  ${formatYuan(line.amountFen)} CNY`),
        '\n',
      ].join('\n'),
    closing: (accounts, names, lastDay) =>
      accounts.length === 0
        ? ''
        : [
            `${lastDay} * balances`,
            ...accounts.map(
              ({ id, balanceFen }) => `    ${names.get(id)}  0.00 CNY = ${formatYuan(balanceFen)} CNY`,
            ),
            '',
          ].join('\n'),
  },
};
