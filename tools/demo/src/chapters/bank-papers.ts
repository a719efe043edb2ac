import { formatYuan, sumFen, type Fen } from '@doorstep/kernel';

export interface BankEntry {
  day: string;
  fen: Fen;
  name: string;
  text: string;
}

/** A bank's camt.053 message: one statement of one account. */
export function bankStatement(
  accountNo: string,
  { from, to, openingFen }: { from: string; to: string; openingFen: Fen },
  entries: readonly BankEntry[],
): string {
  const closingFen = openingFen + sumFen(entries.map(({ fen }) => fen));
  const amount = (fen: Fen): string =>
    `<Amt Ccy="CNY">${formatYuan(Math.abs(fen))}</Amt><CdtDbtInd>${fen < 0 ? 'DBIT' : 'CRDT'}</CdtDbtInd>`;
  const balance = (code: string, fen: Fen, day: string): string =>
    `<Bal><Tp><CdOrPrtry><Cd>${code}</Cd></CdOrPrtry></Tp>${amount(fen)}<Dt><Dt>${day}</Dt></Dt></Bal>`;
  const written = entries.map(
    ({ day, fen, name, text }, i) =>
      `<Ntry>${amount(fen)}<Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>${day}</Dt></BookgDt><AcctSvcrRef>B${i + 1}</AcctSvcrRef>` +
      `<NtryDtls><TxDtls><RltdPties><Dbtr><Pty><Nm>${name}</Nm></Pty></Dbtr></RltdPties><RmtInf><Ustrd>${text}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>`,
  );
  return (
    '<?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt>' +
    `<GrpHdr><MsgId>1</MsgId></GrpHdr><Stmt><Id>${from}</Id><FrToDt><FrDtTm>${from}T00:00:00</FrDtTm><ToDtTm>${to}T23:59:59</ToDtTm></FrToDt>` +
    `<Acct><Id><Othr><Id>${accountNo}</Id></Othr></Id><Ccy>CNY</Ccy></Acct>${balance('OPBD', openingFen, from)}${balance('CLBD', closingFen, to)}` +
    `${written.join('')}</Stmt></BkToCstmrStmt></Document>`
  );
}
