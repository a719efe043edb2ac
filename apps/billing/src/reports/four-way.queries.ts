import { booked, ofContract, ofMonth, ofOperator } from './four-way-booked.queries';
import { claimed } from './four-way-claims.queries';
import { PAID } from './four-way-payments.queries';

type Dimension = 'contract' | 'site' | 'day';

/** What a row of each book is counted under; whatever is about a charge, under that. */
const KEYS: Record<Dimension, { charge: string; correction: string; account: string; name: string }> = {
  contract: {
    ...{ charge: 'c.contract_id', correction: 'k.contract_id', account: 'a.contract_id' },
    name: `coalesce((SELECT number FROM known_contract WHERE id = s.key), s.key::text)`,
  },
  site: {
    ...{ charge: 'c.site_id', correction: 'c.site_id', account: 'a.site_id' },
    name: `coalesce((SELECT code || ' ' || name_zh FROM known_site WHERE id = s.key), s.key::text)`,
  },
  day: {
    ...{ charge: 'c.booked_on', correction: 'k.booked_on', account: 'l.booked_on' },
    name: 's.key::text',
  },
};

/** What one book says of some of the figures; of the others it says nothing. */
interface Source<F extends string> {
  key: string;
  /** FROM and WHERE of its rows. */
  of: string;
  /** What each row adds to which figures. */
  says: Partial<Record<F, string>>;
}

/** Each book adds up its own rows, and the sums of all books make the report's rows. */
function addUp<F extends string>(figures: readonly F[], sources: readonly Source<F>[]): string {
  const said = sources.map(
    ({ key, of, says }) =>
      `SELECT ${key} AS key, ${figures.map((f) => `${says[f] ? `sum(${says[f]})` : '0'} AS ${f}`).join(', ')} FROM ${of} GROUP BY 1`,
  );
  return `
  said AS (${said.join('\n    UNION ALL\n    ')}),
  s AS (SELECT key, ${figures.map((f) => `sum(${f})::bigint AS ${f}`).join(', ')} FROM said GROUP BY key)`;
}

/** A piece whose columns are named like the figures that they add to. */
function piece<F extends string>(of: string, figures: readonly F[], key = 'key'): Source<F> {
  const says: Source<F>['says'] = {};
  for (const figure of figures) says[figure] = figure;
  return { key, of, says };
}

const WHERE_IT_IS = ['channel', 'bank', 'fees', 'in_transit', 'unsettled', 'unremitted', 'named'] as const;
const FIGURES = [
  ...(['charged', 'ledger', 'own', 'corrected', 'due', 'payments', 'unpaid'] as const),
  ...(['claimed', 'unclaimed'] as const),
  ...WHERE_IT_IS,
];
type Figure = (typeof FIGURES)[number];

const ENTRY_LINES = 'ledger_line AS l JOIN ledger_account AS a ON a.id = l.account_id';
const LINES_OF_CHARGES = `booked AS c JOIN ledger_line AS l ON l.charge_id = c.id JOIN ledger_account AS a ON a.id = l.account_id`;

/** Each book and what it says, in the order in which a fen goes through them. */
function books(by: Dimension): Source<Figure>[] {
  const key = KEYS[by];
  return [
    // What the services cost, and who is to pay for them.
    {
      ...{ key: 'key', of: 'booked' },
      says: { charged: 'gross_fen', own: 'operator_fen', due: 'due_fen' },
    },
    // Corrections are charged in the month in which they are booked …
    {
      key: key.correction,
      of: `charge_correction AS k JOIN charge AS c ON c.id = k.charge_id
        WHERE ${ofOperator('k.operator_id')} AND ${ofMonth('k.booked_on')} AND ${ofContract('k.contract_id')}`,
      says: { charged: 'k.gross_fen', corrected: 'k.gross_fen' },
    },
    // … and due with their service, whenever booked: what is in the one month and not in the other is `corrected`.
    {
      ...{ key: 'c.key', of: 'booked AS c JOIN charge_correction AS k ON k.charge_id = c.id' },
      says: { own: 'k.operator_fen', due: 'k.resident_fen + k.funders_fen', corrected: '-k.gross_fen' },
    },
    // The ledger's revenue, by its own days, contracts and sites.
    {
      key: key.account,
      of: `${ENTRY_LINES} WHERE a.kind = 'service_revenue' AND ${ofMonth('l.booked_on')} AND ${ofContract('a.contract_id')}`,
      says: { ledger: '-l.amount_fen' },
    },
    // What residents have not paid, as the ledger has it open.
    {
      key: 'c.key',
      of: `${LINES_OF_CHARGES} WHERE a.kind = 'resident_receivable'`,
      says: { unpaid: 'l.amount_fen' },
    },
    // What they have paid, and where that is.
    piece('paid_part', ['payments', 'channel', 'bank', 'fees', 'in_transit', 'unsettled', 'named']),
    // What funders were asked for and what they were not, and where the first is.
    piece('share', ['claimed', 'unclaimed']),
    piece('claim_part', ['channel', 'bank', 'in_transit', 'unremitted', 'named']),
  ];
}

/**
 * Captured = ledger; captured less what is the operator's own = payments and claims, made and still to be made; these =
 * confirmed by channels, funders and banks, on the way, and named. Each figure is read from the rows that say it, none is what
 * the others leave over, but for the state of a fen on its way.
 * `$1` first day of the month · `$2` contract, or null for all
 */
export function fourWay(by: Dimension): string {
  const { charge, name } = KEYS[by];
  return `
  WITH ${booked(charge)}, ${PAID}, ${claimed(charge)}, ${addUp(FIGURES, books(by))},
  t AS (SELECT *, payments + unpaid + claimed + unclaimed AS documents FROM s)
  SELECT ${name} AS key, charged, ledger, own, corrected, due, documents, payments, unpaid, claimed, unclaimed, channel, bank,
         fees, in_transit AS "inTransit", unsettled, unremitted, named,
         abs(charged - ledger) + abs(charged - own - corrected - due) + abs(due - documents)
           + abs(documents - unpaid - unclaimed - channel - unsettled - unremitted - named)
           + abs(channel - bank - fees - in_transit) AS difference
  FROM t AS s ORDER BY 1`;
}

const OF_FUNDER = [
  'charged',
  'ledger',
  'claimed',
  'unclaimed',
  'bank',
  'in_transit',
  'unremitted',
  'named',
] as const;
const BOOKS_OF_FUNDER: Source<(typeof OF_FUNDER)[number]>[] = [
  {
    ...{ key: 'funder_id', of: 'share' },
    says: { charged: 'due', claimed: 'claimed', unclaimed: 'unclaimed' },
  },
  // What the ledger has put on the funder's account for the month's charges; what was paid off it stands there, too.
  {
    key: 'a.funder_id',
    of: `${LINES_OF_CHARGES} JOIN ledger_entry AS e ON e.id = l.entry_id
      WHERE a.kind = 'funder_receivable' AND e.reason IN ('charge_captured', 'charge_corrected')`,
    says: { ledger: 'l.amount_fen' },
  },
  piece('claim_part', ['bank', 'in_transit', 'unremitted', 'named'], 'funder_id'),
];

/** A funder's shares: charged, in the ledger, claimed or not yet, and where the money for what is claimed is. */
export const FOUR_WAY_BY_FUNDER = `
  WITH ${booked('c.contract_id')}, ${claimed('c.contract_id')}, ${addUp(OF_FUNDER, BOOKS_OF_FUNDER)}
  SELECT coalesce((SELECT name FROM known_organisation WHERE id = s.key), s.key::text) AS key, charged, ledger, claimed, unclaimed,
         bank AS seen, in_transit AS "inTransit", unremitted, in_transit + unremitted AS open, named,
         abs(charged - ledger) + abs(charged - claimed - unclaimed) + abs(claimed - bank - in_transit - unremitted - named)
           AS difference
  FROM s ORDER BY 1`;
