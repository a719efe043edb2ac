import { formatYuan, type DomainError, type Fen } from '@doorstep/kernel';
import { recordsOf } from '../settlement-files/bill-stream';

/* Statements as banks and channels write them, for specs. */

export interface EntryParts {
  fen?: Fen;
  sign?: 'CRDT' | 'DBIT';
  day?: string;
  status?: string;
  name?: string;
  text?: string;
  endToEndId?: string;
  amount?: string;
  /** Transactions of a batch, each with its own amount. */
  parts?: { fen: Fen; endToEndId: string }[];
}

export interface StatementParts {
  account?: string;
  day?: string;
  to?: string;
  openingFen?: Fen;
  closingFen?: Fen;
  entries: EntryParts[];
}

const amount = (fen: Fen): string => formatYuan(Math.abs(fen));
const sign = (fen: Fen): string => (fen < 0 ? 'DBIT' : 'CRDT');
const balance = (code: string, fen: Fen, day: string): string =>
  `<Bal><Tp><CdOrPrtry><Cd>${code}</Cd></CdOrPrtry></Tp><Amt Ccy="CNY">${amount(fen)}</Amt><CdtDbtInd>${sign(fen)}</CdtDbtInd><Dt><Dt>${day}</Dt></Dt></Bal>`;

function anEntry({ fen = 1800, day = '2026-11-02', status = 'BOOK', parts, ...entry }: EntryParts): string {
  const indicator = entry.sign ?? 'CRDT';
  const party = (name = '市民政局'): string =>
    `<RltdPties><Dbtr><Pty><Nm>${name}</Nm></Pty></Dbtr><Cdtr><Pty><Nm>${name}</Nm></Pty></Cdtr></RltdPties>`;
  const details = parts
    ? parts
        .map(
          (part) =>
            `<TxDtls><Refs><EndToEndId>${part.endToEndId}</EndToEndId></Refs><Amt Ccy="CNY">${amount(part.fen)}</Amt>${party(entry.name)}</TxDtls>`,
        )
        .join('')
    : `<TxDtls><Refs><EndToEndId>${entry.endToEndId ?? 'NOTPROVIDED'}</EndToEndId></Refs>${party(entry.name)}<RmtInf><Ustrd>${entry.text ?? ''}</Ustrd></RmtInf></TxDtls>`;
  return (
    `<Ntry><Amt Ccy="CNY">${entry.amount ?? amount(fen)}</Amt><CdtDbtInd>${indicator}</CdtDbtInd><Sts><Cd>${status}</Cd></Sts>` +
    `<BookgDt><Dt>${day}</Dt></BookgDt><AcctSvcrRef>B${fen}</AcctSvcrRef><NtryDtls>${details}</NtryDtls></Ntry>`
  );
}

export function aCamt053(statements: StatementParts[], head = ''): string {
  const written = statements.map(
    ({ account = '1001200109', day = '2026-11-02', to, openingFen = 0, entries, closingFen }) => {
      const booked = entries.filter(({ status = 'BOOK' }) => status === 'BOOK');
      const moved = booked.reduce((sum, { fen = 1800, ...of }) => sum + (of.sign === 'DBIT' ? -fen : fen), 0);
      return (
        `<Stmt><Id>S-${day}</Id><FrToDt><FrDtTm>${day}T00:00:00</FrDtTm><ToDtTm>${to ?? day}T23:59:59</ToDtTm></FrToDt>` +
        `<Acct><Id><Othr><Id>${account}</Id></Othr></Id><Ccy>CNY</Ccy></Acct>` +
        balance('OPBD', openingFen, day) +
        balance('CLBD', closingFen ?? openingFen + moved, to ?? day) +
        `${entries.map((entry) => anEntry({ day, ...entry })).join('\n')}</Stmt>`
      );
    },
  );
  return `<?xml version="1.0" encoding="UTF-8"?>${head}\n<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><GrpHdr><MsgId>1</MsgId></GrpHdr>${written.join('\n')}</BkToCstmrStmt></Document>`;
}

export interface FlowParts {
  at?: string;
  orderNo?: string;
  type?: string;
  direction?: '收入' | '支出';
  fen?: Fen;
  voucherNo?: string;
}

/** A fund-flow bill whose balances and summary are made from its lines, unless a spec wants them wrong. */
export function aFundFlow(
  flows: FlowParts[],
  { openingFen = 0, summary = {} }: { openingFen?: Fen; summary?: Record<string, string> } = {},
): string {
  let balanceFen = openingFen;
  const lines = flows.map(
    ({ at = '2026-11-02 11:15:00', type = '交易', direction = '收入', fen = 1800, ...flow }, i) => {
      balanceFen += direction === '收入' ? fen : -fen;
      const cells = [
        at,
        flow.orderNo ?? `4200${i}`,
        `F${i}`,
        type,
        type,
        direction,
        formatYuan(fen),
        formatYuan(balanceFen),
        'system',
        '',
        flow.voucherNo ?? '',
      ];
      return cells.map((cell) => `\`${cell}`).join(',');
    },
  );
  const of = (direction: string) => flows.filter((flow) => (flow.direction ?? '收入') === direction);
  const sum = (direction: string): string =>
    formatYuan(of(direction).reduce((total, { fen = 1800 }) => total + fen, 0));
  const names = ['资金流水总笔数', '收入笔数', '收入金额', '支出笔数', '支出金额'];
  const right = [
    String(flows.length),
    String(of('收入').length),
    sum('收入'),
    String(of('支出').length),
    sum('支出'),
  ];
  return [
    '记账时间,微信支付业务单号,资金流水单号,业务名称,业务类型,收支类型,收支金额(元),账户结余(元),资金变更提交申请人,备注,业务凭证号',
    ...lines,
    names.join(','),
    names.map((name, i) => `\`${summary[name] ?? right[i]}`).join(','),
    '',
  ].join('\r\n');
}

/** A bank's own CSV: a letterhead, two columns of amounts, balances, a sum at the end. */
export function aBankCsv(
  rows: [day: string, inFen: Fen, outFen: Fen, text: string, name: string][],
  openingFen = 0,
): string {
  let balanceFen = openingFen;
  const yuan = (fen: Fen): string => (fen === 0 ? '' : formatYuan(fen));
  return [
    '账户交易明细',
    '账号：1001200109',
    '交易日期,借方发生额,贷方发生额,余额,摘要,对方户名,流水号',
    ...rows.map(([day, inFen, outFen, text, name], i) => {
      balanceFen += inFen - outFen;
      return `${day.replaceAll('-', '')},${yuan(outFen)},${yuan(inFen)},${formatYuan(balanceFen)},"${text}",${name},L${i}`;
    }),
    '合计,,,,,,',
    '',
  ].join('\r\n');
}

export const BANK_MAPPING = {
  columns: {
    ...{ day: '交易日期', credit: '贷方发生额', debit: '借方发生额', balance: '余额' },
    ...{ text: '摘要', counterparty: '对方户名', bankRef: '流水号' },
  },
  dayOrder: 'ymd' as const,
  skip: ['合计'],
};

/** The operator's account at a bank, with the statements of `aBankCsv`. */
export const BANK_ACCOUNT = {
  ...{ code: 'icbc', name: '基本户', kind: 'bank', accountNo: '1001' },
  ...{ layout: 'mapped', mapping: BANK_MAPPING },
};

interface Reader<L, F> {
  delimiter?: string;
  read(fields: string[], lineNo: number): L | undefined;
  finish(): F;
}

export function readTable<L, F>(reader: Reader<L, F>, text: string): { lines: L[]; facts: F } {
  const records = recordsOf(text, reader.delimiter ?? ',').map((cells) =>
    cells.map((cell) => cell.replaceAll('"', '').trim()),
  );
  const lines = records.flatMap((record, i) =>
    record.join('') === '' ? [] : (reader.read(record, i + 1) ?? []),
  );
  return { lines, facts: reader.finish() };
}
export function refusalOf(work: () => unknown): DomainError {
  try {
    work();
  } catch (error) {
    return error as DomainError;
  }
  throw new Error('the file was taken');
}
