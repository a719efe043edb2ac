/*
 * The four ways once more, as somebody with the tables on paper would do it: one fen after the other is looked for where it is,
 * and counted there (docs/decisions/0087). No sum is ever taken of what was not walked through.
 */
export interface Row {
  [column: string]: string | number | boolean | null;
}
export const TABLES = [
  ...([
    'charge',
    'charge_correction',
    'charge_share',
    'share_correction',
    'ledger',
    'payment_allocation',
  ] as const),
  ...(['payment', 'refund', 'settled', 'exception', 'expected', 'claim_line'] as const),
];
/** The rows of one operator: tables as they are, `ledger` its lines with account and entry, `settled` the bills' lines of ours. */
export type Books = Record<(typeof TABLES)[number], Row[]>;

export type Figures = Record<string, number>;
const FIGURES = [
  ...[
    'charged',
    'ledger',
    'own',
    'corrected',
    'due',
    'documents',
    'payments',
    'unpaid',
    'claimed',
    'unclaimed',
  ],
  ...['channel', 'bank', 'fees', 'inTransit', 'unsettled', 'unremitted', 'named'],
];
export type By = 'contract' | 'site' | 'day' | 'funder';

const sorted = (rows: Row[], ...columns: string[]): Row[] =>
  [...rows].sort((a, b) => {
    const column = columns.find((each) => a[each] !== b[each]);
    return column === undefined ? 0 : (a[column] as string) < (b[column] as string) ? -1 : 1;
  });
const num = (value: Row[string] | undefined): number => Number(value ?? 0);

export class FourWayOracle {
  private readonly rows = new Map<string, Figures>();
  private readonly charges: Row[];

  constructor(
    private readonly books: Books,
    private readonly month: string,
    private readonly by: By,
  ) {
    this.charges = books.charge.filter((c) => c.status === 'captured' && this.inMonth(c.booked_on));
    for (const charge of this.charges) this.walk(charge);
    if (by !== 'funder') this.ownMonth();
  }

  /** By key: contract, site, day or funder. */
  figures(): Record<string, Figures> {
    return Object.fromEntries([...this.rows].map(([key, figures]) => [key, this.shown(figures)]));
  }

  private walk(charge: Row): void {
    const of = (table: keyof Books): Row[] => this.books[table].filter((row) => row.charge_id === charge.id);
    if (this.by !== 'funder') {
      this.count(charge, { charged: charge.gross_fen, own: charge.operator_fen, due: charge.resident_fen });
      this.count(charge, { due: charge.funders_fen });
      for (const k of of('charge_correction')) {
        this.count(charge, { own: k.operator_fen, due: num(k.resident_fen) + num(k.funders_fen) });
        this.count(charge, { corrected: -num(k.gross_fen) });
      }
      for (const line of of('ledger'))
        if (line.kind === 'resident_receivable') this.count(charge, { unpaid: line.amount_fen });
      for (const part of of('payment_allocation'))
        if (part.applied && part.ended_at === null) this.walkPart(charge, part);
    }
    for (const line of of('ledger'))
      if (
        this.by === 'funder' &&
        line.kind === 'funder_receivable' &&
        /^charge_(captured|corrected)$/.test(String(line.reason))
      )
        this.count(line, { ledger: line.amount_fen });
    this.walkShares(charge, of('charge_share'), of('share_correction'), of('claim_line'));
    for (const line of of('claim_line')) this.walkLine(charge, line);
  }

  /** What is booked in the month, whichever its service. */
  private ownMonth(): void {
    for (const k of this.books.charge_correction.filter(({ booked_on }) => this.inMonth(booked_on))) {
      const charge = this.books.charge.find(({ id }) => id === k.charge_id) as Row;
      this.count({ ...charge, contract_id: k.contract_id, booked_on: k.booked_on }, { charged: k.gross_fen });
      this.count(
        { ...charge, contract_id: k.contract_id, booked_on: k.booked_on },
        { corrected: k.gross_fen },
      );
    }
    for (const line of this.books.ledger)
      if (line.kind === 'service_revenue' && this.inMonth(line.booked_on))
        this.count(line, { ledger: -num(line.amount_fen) });
  }

  private walkPart(charge: Row, part: Row): void {
    const standing = this.books.payment_allocation.filter(
      (each) => each.payment_id === part.payment_id && each.ended_at === null,
    );
    let from = 0;
    for (const each of sorted(standing, 'place', 'id')) {
      if (each.id === part.id) break;
      from += num(each.amount_fen);
    }
    const payment = this.books.payment.find(({ id }) => id === part.payment_id) as Row;
    for (const place of this.fensOf(payment).slice(from, from + num(part.amount_fen))) {
      this.count(charge, { payments: 1, [place]: 1 });
      if (place === 'bank' || place === 'fees' || place === 'inTransit') this.count(charge, { channel: 1 });
    }
  }

  /** Where each fen of a payment is: its parts take them in their order. */
  private fensOf(payment: Row): string[] {
    const line = this.books.settled.find(({ payment_id }) => payment_id === payment.id);
    const amountFen = num(payment.amount_fen);
    const feeUpto = (fen: number): number => Math.round((num(line?.fee_fen) * fen) / amountFen);
    let shownFen = this.shownOf(payment, line);
    const isNamed = this.isNamed(payment, line);
    return Array.from({ length: amountFen }, (_, i) => {
      if (feeUpto(i + 1) > feeUpto(i)) return 'fees';
      if (shownFen-- > 0) return 'bank';
      return isNamed ? 'named' : line ? 'inTransit' : 'unsettled';
    });
  }

  /** How many of its fen, fees apart, the bank has shown. */
  private shownOf(payment: Row, line?: Row): number {
    const expected = this.expectedOf(payment, line);
    if (payment.channel === 'bank') return num(expected?.matched_fen);
    if (!line) return 0;
    const netFen = num(line.amount_fen) - num(line.fee_fen);
    if (!expected || expected.matched_fen === expected.amount_fen) return netFen;
    if (expected.matched_fen === 0 || line.by_hand) return 0;
    // What went back came from the payments as well: it is there for them. Then each takes what it can, as the bill has them.
    const ofContract = this.books.settled.filter(
      (each) =>
        each.reconciliation_id === line.reconciliation_id &&
        each.contract_id === payment.contract_id &&
        !each.by_hand,
    );
    return takeInOrder(
      sorted(ofContract, 'line_id').map((each) => [each, num(each.amount_fen) - num(each.fee_fen)]),
      num(expected.matched_fen),
    ).get(line) as number;
  }

  private expectedOf(payment: Row, line?: Row): Row | undefined {
    return this.books.expected.find((e) => {
      if (payment.channel === 'bank') return e.kind === 'payment' && e.source_id === payment.id;
      if (line?.by_hand) return e.kind === 'channel_remainder' && e.source_id === line.reconciliation_id;
      return (
        e.kind === 'channel_settlement' &&
        e.source_id === line?.reconciliation_id &&
        e.contract_id === payment.contract_id
      );
    });
  }

  private isNamed(payment: Row, line?: Row): boolean {
    if (!line && payment.channel !== 'bank')
      return this.books.exception.some(
        (x) => x.payment_id === payment.id && x.parent_id === null && x.type !== 'duplicate_in_bill',
      );
    return this.isMissed(this.expectedOf(payment, line));
  }

  private isMissed(expected?: Row): boolean {
    return this.books.exception.some(
      (x) =>
        expected !== undefined &&
        x.expected_id === expected.id &&
        x.parent_id === null &&
        x.type === 'missing_in_statement',
    );
  }

  private walkShares(charge: Row, shares: Row[], corrections: Row[], lines: Row[]): void {
    const given = [...shares, ...corrections].filter(({ payer }) => payer === 'funder');
    const names = new Set([...given, ...lines].map((row) => `${row.programme_id} ${row.funder_id}`));
    for (const name of names) {
      const mine = (row: Row): boolean => `${row.programme_id} ${row.funder_id}` === name;
      const under = { ...charge, funder_id: name.split(' ')[1] };
      const asked = lines.filter(mine);
      let [dueFen, askedFen] = [0, 0];
      for (const row of given.filter(mine)) dueFen += num(row.captured_fen ?? row.amount_fen);
      for (const row of asked)
        askedFen += (row.basis === 'resubmission' ? 0 : num(row.amount_fen)) - num(row.corrected_fen);
      const open = asked.length === 0 || corrections.some((k) => k.payer === 'funder' && mine(k));
      this.count(under, { claimed: askedFen, unclaimed: open ? dueFen - askedFen : 0 });
      if (this.by === 'funder') this.count(under, { charged: dueFen });
    }
  }

  private walkLine(charge: Row, line: Row): void {
    const under = { ...charge, funder_id: line.funder_id };
    const payOf = (each: Row): number => num(each.accepted_fen ?? each.amount_fen);
    const expected = this.books.expected.find((e) => e.kind === 'claim' && e.source_id === line.claim_id);
    const isNamed = this.isMissed(expected);
    const sign = Math.sign(payOf(line));
    let bankFen = 0;
    if (expected && expected.matched_fen !== 0) {
      const all = sorted(
        this.books.claim_line.filter(({ claim_id }) => claim_id === line.claim_id),
        'id',
      );
      const isWhole = num(expected.matched_fen) + num(expected.cut_fen) === num(expected.amount_fen);
      const taken = takeInOrder(
        all.map((each) => [each, payOf(each)]),
        num(expected.matched_fen),
      );
      bankFen = isWhole || sign < 0 ? payOf(line) : (taken.get(line) as number);
    }
    for (let fen = 1; fen <= Math.abs(payOf(line)); fen++) {
      const isSeen = fen <= Math.abs(bankFen);
      const isAnnounced = !isNamed && fen <= num(line.remitted_fen) * sign;
      const place = isSeen ? 'bank' : isNamed ? 'named' : isAnnounced ? 'inTransit' : 'unremitted';
      this.count(under, { [place]: sign });
      if (isSeen || isAnnounced) this.count(under, { channel: sign });
    }
    if (line.answer !== null && line.cut_end !== 'resubmitted')
      this.count(under, { named: num(line.amount_fen) - num(line.accepted_fen) - num(line.corrected_fen) });
  }

  private count(under: Row, more: Row): void {
    const column = { contract: 'contract_id', site: 'site_id', day: 'booked_on', funder: 'funder_id' }[
      this.by
    ];
    const key = String(under[column]);
    const figures = this.rows.get(key) ?? Object.fromEntries(FIGURES.map((name) => [name, 0]));
    for (const [name, fen] of Object.entries(more)) figures[name] += num(fen);
    this.rows.set(key, figures);
  }

  private shown(figures: Figures): Figures {
    if (this.by !== 'funder') {
      const { payments, unpaid, claimed, unclaimed } = figures;
      return { ...figures, documents: payments + unpaid + claimed + unclaimed, difference: 0 };
    }
    const { charged, ledger, claimed, unclaimed, bank: seen, inTransit, unremitted, named } = figures;
    const open = inTransit + unremitted;
    return { charged, ledger, claimed, unclaimed, seen, inTransit, unremitted, open, named, difference: 0 };
  }

  private inMonth(day: Row[string]): boolean {
    return String(day).startsWith(this.month);
  }
}

/** What each takes of the money that came, in their order; what is below zero gives to the others first. */
function takeInOrder(wants: [Row, number][], cameFen: number): Map<Row, number> {
  let pot = cameFen;
  for (const [, fen] of wants) if (fen < 0) pot -= fen;
  const taken = new Map<Row, number>();
  for (const [row, fen] of wants) {
    let got = 0;
    while (got < fen && pot > 0) {
      got++;
      pot--;
    }
    taken.set(row, got);
  }
  return taken;
}
