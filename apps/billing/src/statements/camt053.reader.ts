import { isDay, type Day, type Fen } from '@doorstep/kernel';
import { SaxesParser, type SaxesTagNS } from 'saxes';
import { Faults } from '../settlement-files/bill';
import { decoderOf } from '../settlement-files/bill-stream';
import { kept, keptOrNull, parseAmount, Sums, type Movement, type StatementFacts } from './statement';
import { notThisStatement } from './not-this-statement';

/*
 * ISO 20022 camt.053, bank to customer statement, all versions of the message: one file may hold several statements. The
 * sign of an entry is its CdtDbtInd and nothing else. A batch whose transactions state their amounts is taken apart into
 * them. saxes reads the XML as a stream; a document type, and with it every entity attack, is refused where it begins.
 */
const DEPTH_MAX = 32;
/** Characters that may come without anything beginning or ending; a bank's texts have some hundred. */
const STRETCH_MAX = 1_000_000;

interface Transaction {
  amount?: string;
  currency?: string;
  endToEndId?: string;
  debtor?: string;
  creditor?: string;
  texts: string[];
}

interface Entry extends Transaction {
  line: number;
  sign?: string;
  status?: string;
  bookedOn?: string;
  bankRef?: string;
  parts: Transaction[];
}

interface Balance {
  code?: string;
  amount?: string;
  sign?: string;
  day?: string;
}

interface Open {
  id?: string;
  accountNo?: string;
  currency?: string;
  from?: string;
  to?: string;
  line: number;
  balances: Balance[];
  sums: Sums;
}

export class Camt053Reader {
  readonly layout = 'camt053';
  readonly faults = new Faults();
  private readonly parser = new SaxesParser({ xmlns: true, position: true });
  private readonly path: string[] = [];
  private readonly found: Movement[] = [];
  private readonly statements: StatementFacts[] = [];
  private text = '';
  private fed = 0;
  private movedAt = 0;
  private count = 0;
  private recognised = false;
  private statement?: Open;
  private entry?: Entry;
  private part?: Transaction;
  private balance?: Balance;

  constructor() {
    this.parser.on('doctype', () => {
      throw notThisStatement('The file declares a document type, which no bank statement does.');
    });
    this.parser.on('error', (error) => {
      throw notThisStatement(`The file is not XML: ${error.message.slice(0, 200)}`);
    });
    this.parser.on('xmldecl', ({ encoding }) => {
      if (encoding && encoding.toLowerCase() !== 'utf-8')
        throw notThisStatement(`The file says that it is written in ${encoding.slice(0, 20)}.`);
    });
    this.parser.on('opentag', (tag) => this.opened(tag));
    this.parser.on('text', (text) => void (this.text += this.text.length < STRETCH_MAX ? text : ''));
    this.parser.on('cdata', (text) => void (this.text += this.text.length < STRETCH_MAX ? text : ''));
    this.parser.on('closetag', ({ local }) => this.closed(local));
  }

  async *read(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Movement> {
    const decode = decoderOf('utf-8');
    for await (const chunk of bytes) {
      this.feed(decode(chunk));
      yield* this.found.splice(0);
    }
    this.feed(decode());
    this.parser.close();
    yield* this.found.splice(0);
  }

  /** @throws when anything was wrong with the file */
  finish(): StatementFacts[] {
    if (!this.recognised) throw notThisStatement('The file is no camt.053 message.');
    this.faults.refuse();
    if (this.statements.length === 0) throw notThisStatement('The message holds no statement.');
    return this.statements;
  }

  private feed(text: string): void {
    this.fed += text.length;
    this.parser.write(text);
    if (this.fed - this.movedAt > STRETCH_MAX) throw notThisStatement('A text of the file has no end.');
  }

  private opened({ local, attributes }: SaxesTagNS): void {
    this.movedAt = this.fed;
    this.text = '';
    this.path.push(local);
    if (this.path.length > DEPTH_MAX)
      throw notThisStatement('The file is nested deeper than a statement can be.');
    if (local === 'BkToCstmrStmt') this.recognised = true;
    else if (this.path.length === 2)
      throw notThisStatement(`The message is a ${local.slice(0, 40)}, no statement.`);
    const line = this.parser.line;
    if (local === 'Stmt') this.statement = { line, balances: [], sums: new Sums() };
    else if (local === 'Ntry' && this.statement) this.entry = { line, texts: [], parts: [] };
    else if (local === 'TxDtls' && this.entry) this.part = { texts: [] };
    else if (local === 'Bal' && this.statement) this.balance = {};
    else if (local === 'Amt') {
      const currency = attributes.Ccy?.value;
      if (this.part) this.part.currency ??= currency;
      else if (this.entry) this.entry.currency ??= currency;
    }
  }

  private closed(local: string): void {
    this.movedAt = this.fed;
    const value = this.text.trim();
    this.text = '';
    const at = this.path.slice(-4).join('/');
    this.path.pop();
    if (this.part) this.readPart(this.part, local, at, value);
    else if (this.entry) this.readEntry(this.entry, local, at, value);
    else if (this.balance) this.readBalance(this.balance, local, at, value);
    else if (this.statement) this.readStatement(this.statement, at, value);
  }

  private readStatement(statement: Open, at: string, value: string): void {
    if (at.endsWith('BkToCstmrStmt/Stmt')) return this.closeStatement(statement);
    if (at.endsWith('Stmt/Id')) statement.id = value;
    else if (at.endsWith('Acct/Id/IBAN') || at.endsWith('Acct/Id/Othr/Id')) statement.accountNo = value;
    else if (at.endsWith('Acct/Ccy')) statement.currency = value;
    else if (at.endsWith('FrToDt/FrDtTm')) statement.from = value.slice(0, 10);
    else if (at.endsWith('FrToDt/ToDtTm')) statement.to = value.slice(0, 10);
  }

  private readBalance(balance: Balance, local: string, at: string, value: string): void {
    if (local === 'Bal') {
      this.statement?.balances.push(balance);
      this.balance = undefined;
    } else if (at.endsWith('CdOrPrtry/Cd')) balance.code = value;
    else if (at.endsWith('Bal/Amt')) balance.amount = value;
    else if (at.endsWith('Bal/CdtDbtInd')) balance.sign = value;
    else if (at.includes('Bal/Dt')) balance.day ??= value.slice(0, 10);
  }

  private readEntry(entry: Entry, local: string, at: string, value: string): void {
    if (local === 'Ntry') {
      this.closeEntry(entry);
      this.entry = undefined;
    } else if (at.endsWith('Ntry/Amt')) entry.amount = value;
    else if (at.endsWith('Ntry/CdtDbtInd')) entry.sign = value;
    else if (at.endsWith('Ntry/Sts') || at.endsWith('Ntry/Sts/Cd')) entry.status = value || entry.status;
    else if (at.includes('Ntry/BookgDt')) entry.bookedOn ??= value.slice(0, 10) || undefined;
    else if (at.endsWith('Ntry/AcctSvcrRef')) entry.bankRef = value;
    else if (at.endsWith('Ntry/AddtlNtryInf')) entry.texts.push(value);
  }

  private readPart(part: Transaction, local: string, at: string, value: string): void {
    if (local === 'TxDtls') {
      this.entry?.parts.push(part);
      this.part = undefined;
    } else if (at.endsWith('TxDtls/Amt') || at.endsWith('AmtDtls/TxAmt/Amt')) part.amount ??= value;
    else if (at.endsWith('Refs/EndToEndId')) part.endToEndId = value === 'NOTPROVIDED' ? undefined : value;
    else if (at.endsWith('Dbtr/Nm') || at.endsWith('Dbtr/Pty/Nm')) part.debtor = value;
    else if (at.endsWith('Cdtr/Nm') || at.endsWith('Cdtr/Pty/Nm')) part.creditor = value;
    else if (at.endsWith('RmtInf/Ustrd') || at.endsWith('CdtrRefInf/Ref') || at.endsWith('AddtlTxInf'))
      part.texts.push(value);
  }

  private closeEntry(entry: Entry): void {
    const { line, status, sign, bookedOn = '' } = entry;
    // What is only announced has not moved; it comes again when it is booked.
    if (status === 'PDNG' || status === 'INFO' || !this.statement) return;
    const fault = (reason: string): void => this.faults.add(line, reason);
    if (sign !== 'CRDT' && sign !== 'DBIT') return fault('the entry does not say credit or debit.');
    if (!isDay(bookedOn)) return fault(`the entry's day ${bookedOn.slice(0, 20)} is none.`);
    const amountFen = this.amount(entry, fault);
    if (amountFen === undefined) return;
    if (amountFen === 0) return;
    for (const { fen, of } of this.takenApart(entry, amountFen, fault))
      this.move(entry, of, (sign === 'CRDT' ? 1 : -1) * fen, bookedOn);
  }

  private move(entry: Entry, of: Transaction, amountFen: Fen, bookedOn: Day): void {
    const other = amountFen > 0 ? of.debtor : of.creditor;
    const movement: Movement = {
      ...{ statementNo: this.statements.length, lineNo: ++this.count, bookedOn, amountFen, balanceFen: null },
      ...{
        kind: 'entry',
        referenceNo: keptOrNull(of.endToEndId),
        text: kept([...of.texts, ...entry.texts].join(' ')),
      },
      ...{ counterparty: keptOrNull(other), bankRef: keptOrNull(entry.bankRef) },
    };
    this.statement?.sums.add(movement);
    this.found.push(movement);
  }

  /** The transactions of a batch when each states its amount; else the entry as one, with all that they say. */
  private takenApart(
    entry: Entry,
    amountFen: Fen,
    fault: (reason: string) => void,
  ): { fen: Fen; of: Transaction }[] {
    const { parts } = entry;
    const whole: Transaction = {
      endToEndId: parts.length === 1 ? parts[0].endToEndId : undefined,
      debtor: parts.find(({ debtor }) => debtor)?.debtor,
      creditor: parts.find(({ creditor }) => creditor)?.creditor,
      texts: parts.flatMap(({ endToEndId, texts }) =>
        parts.length > 1 && endToEndId ? [endToEndId, ...texts] : texts,
      ),
    };
    if (parts.length < 2 || parts.some(({ amount }) => amount === undefined))
      return [{ fen: amountFen, of: whole }];
    const amounts = parts.map((part) => this.amount(part, fault));
    if (amounts.some((fen) => fen === undefined)) return [];
    const sumFen = (amounts as Fen[]).reduce((sum, fen) => sum + fen, 0);
    if (sumFen !== amountFen) {
      fault('the transactions of the batch do not make its amount.');
      return [];
    }
    return parts.map((of, i) => ({ fen: amounts[i] as Fen, of })).filter(({ fen }) => fen !== 0);
  }

  private amount({ amount = '', currency }: Transaction, fault: (reason: string) => void): Fen | undefined {
    const fen = parseAmount(amount);
    if (fen === undefined || fen < 0)
      return void fault(`${amount.slice(0, 40)} is not an amount in whole fen.`);
    if (currency !== undefined && currency !== 'CNY')
      return void fault(`its currency is ${currency.slice(0, 10)}, not CNY.`);
    return fen;
  }

  private closeStatement(statement: Open): void {
    this.statement = undefined;
    const { line, sums, balances, currency } = statement;
    if (currency !== undefined && currency !== 'CNY')
      return this.faults.add(line, `its account is in ${currency.slice(0, 10)}, not CNY.`);
    const [opening, closing] = [
      balances.find(({ code }) => code === 'OPBD') ?? balances.find(({ code }) => code === 'PRCD'),
      balances.findLast(({ code }) => code === 'CLBD'),
    ];
    const [openingFen, closingFen] = [balanceFen(opening), balanceFen(closing)];
    if (openingFen === undefined || closingFen === undefined)
      return this.faults.add(line, 'the statement lacks its opening or its closing balance (OPBD, CLBD).');
    sums.check(this.faults, line, openingFen, closingFen);
    const toDay = statement.to ?? closing?.day ?? sums.lastDay;
    const fromDay = statement.from ?? sums.firstDay ?? toDay;
    if (!fromDay || !toDay || !isDay(fromDay) || !isDay(toDay) || toDay < fromDay)
      return this.faults.add(line, 'the statement does not say of which days it is.');
    if ((sums.firstDay ?? fromDay) < fromDay || (sums.lastDay ?? toDay) > toDay)
      return this.faults.add(line, 'the statement has entries of days outside of its own.');
    const { lines, creditsFen, debitsFen } = sums;
    this.statements.push({
      ...{ number: keptOrNull(statement.id), accountNo: keptOrNull(statement.accountNo), fromDay, toDay },
      ...{ openingFen, closingFen, creditsFen, debitsFen, lines },
    });
  }
}

function balanceFen(balance: Balance | undefined): Fen | undefined {
  const fen = parseAmount(balance?.amount ?? '');
  if (fen === undefined || (balance?.sign !== 'CRDT' && balance?.sign !== 'DBIT')) return undefined;
  return balance.sign === 'CRDT' ? fen : -fen;
}
