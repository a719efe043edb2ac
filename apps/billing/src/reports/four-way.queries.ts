import { BOOKED, CLAIMED, PAID } from './four-way-money.queries';

type Dimension = 'contract' | 'site' | 'day';

/** What a row of each book is counted under; whatever is about a charge, under that. */
const KEYS: Record<Dimension, { charge: string; correction: string; account: string; name: string }> = {
  contract: {
    ...{ charge: 'c.contract_id::text', correction: 'k.contract_id::text', account: 'a.contract_id::text' },
    name: `coalesce((SELECT number FROM known_contract WHERE id::text = s.key), s.key)`,
  },
  site: {
    ...{ charge: 'c.site_id::text', correction: 'c.site_id::text', account: 'a.site_id::text' },
    name: `coalesce((SELECT code || ' ' || name_zh FROM known_site WHERE id::text = s.key), s.key)`,
  },
  day: {
    ...{ charge: 'c.booked_on::text', correction: 'k.booked_on::text', account: 'l.booked_on::text' },
    name: 's.key',
  },
};

const FIGURES = [
  ...([
    'charged',
    'ledger',
    'own',
    'corrected',
    'due',
    'payments',
    'unpaid',
    'claimed',
    'unclaimed',
  ] as const),
  ...(['channel', 'bank', 'fees', 'in_transit', 'unsettled', 'unremitted', 'named'] as const),
];
type Figure = (typeof FIGURES)[number];

/** What the rows of one book add to which figures. */
const saying = (key: string, from: string, figures: Partial<Record<Figure, string>>): string =>
  `SELECT ${key} AS key, ${FIGURES.map((figure) => `${figures[figure] ?? '0'} AS ${figure}`).join(', ')} FROM ${from}`;

const ofPart = (names: readonly Figure[]): Partial<Record<Figure, string>> =>
  Object.fromEntries(names.map((name) => [name, `p.${name}`]));

/**
 * Captured = ledger; captured less what is the operator's own = payments and claims, made and still to be made; these =
 * confirmed by channels, funders and banks, on the way, and named. Each figure is read from the rows that say it, none is what
 * the others leave over, but for the state of a fen on its way.
 * `$1` first day of the month · `$2` contract, or null for all
 */
export function fourWay(by: Dimension): string {
  const key = KEYS[by];
  const ledger = `ledger_line AS l JOIN ledger_account AS a ON a.id = l.account_id`;
  return `
  WITH ${BOOKED}, ${PAID}, ${CLAIMED},
  said AS (
    ${saying(key.charge, 'booked AS c', {
      ...{ charged: 'c.gross_fen', own: 'c.operator_fen', due: 'c.resident_fen + c.funders_fen' },
    })}
    UNION ALL
    ${saying(
      key.correction,
      `charge_correction AS k JOIN charge AS c ON c.id = k.charge_id, month AS m
       WHERE k.booked_on >= m.first AND k.booked_on < m.next AND ($2::uuid IS NULL OR k.contract_id = $2)`,
      { charged: 'k.gross_fen', corrected: 'k.gross_fen' },
    )}
    UNION ALL
    ${saying(key.charge, `charge_correction AS k JOIN booked AS c ON c.id = k.charge_id`, {
      ...{ own: 'k.operator_fen', due: 'k.resident_fen + k.funders_fen', corrected: '-k.gross_fen' },
    })}
    UNION ALL
    ${saying(
      key.account,
      `${ledger}, month AS m WHERE a.kind = 'service_revenue' AND l.booked_on >= m.first AND l.booked_on < m.next
         AND ($2::uuid IS NULL OR a.contract_id = $2)`,
      { ledger: '-l.amount_fen' },
    )}
    UNION ALL
    ${saying(
      key.charge,
      `${ledger} JOIN booked AS c ON c.id = l.charge_id WHERE a.kind = 'resident_receivable'`,
      {
        unpaid: 'l.amount_fen',
      },
    )}
    UNION ALL
    ${saying(key.charge, 'paid_part AS p JOIN booked AS c ON c.id = p.charge_id', {
      payments: 'p.fen',
      ...ofPart(['channel', 'bank', 'fees', 'in_transit', 'unsettled', 'named']),
    })}
    UNION ALL
    ${saying(key.charge, 'asked AS p JOIN booked AS c ON c.id = p.charge_id', { claimed: 'p.fen' })}
    UNION ALL
    ${saying(key.charge, 'unasked AS p JOIN booked AS c ON c.id = p.charge_id', { unclaimed: 'p.fen' })}
    UNION ALL
    ${saying(key.charge, 'claim_part AS p JOIN booked AS c ON c.id = p.charge_id', {
      ...ofPart(['channel', 'bank', 'in_transit', 'unremitted', 'named']),
    })}),
  s AS (SELECT key, ${FIGURES.map((figure) => `sum(${figure})::bigint AS ${figure}`).join(', ')} FROM said GROUP BY key),
  t AS (SELECT *, payments + unpaid + claimed + unclaimed AS documents FROM s)
  SELECT ${key.name} AS key, charged, ledger, own, corrected, due, documents, payments, unpaid, claimed, unclaimed, channel, bank,
         fees, in_transit AS "inTransit", unsettled, unremitted, named,
         abs(charged - ledger) + abs(charged - own - corrected - due) + abs(due - documents)
           + abs(documents - unpaid - unclaimed - channel - unsettled - unremitted - named)
           + abs(channel - bank - fees - in_transit) AS difference
  FROM t AS s ORDER BY 1`;
}

/** A funder's shares: charged, in the ledger, claimed or not yet, and where the money for what is claimed is. */
export const FOUR_WAY_BY_FUNDER = `
  WITH ${BOOKED}, ${CLAIMED},
  said (funder_id, charged, ledger, claimed, unclaimed, seen, in_transit, unremitted, named) AS (
    SELECT funder_id, fen, 0, 0, 0, 0, 0, 0, 0 FROM due
    UNION ALL
    SELECT a.funder_id, 0, l.amount_fen, 0, 0, 0, 0, 0, 0 FROM ledger_line AS l JOIN ledger_account AS a ON a.id = l.account_id
    JOIN ledger_entry AS e ON e.id = l.entry_id JOIN booked AS c ON c.id = l.charge_id
    WHERE a.kind = 'funder_receivable' AND e.reason IN ('charge_captured', 'charge_corrected')
    UNION ALL
    SELECT funder_id, 0, 0, fen, 0, 0, 0, 0, 0 FROM asked
    UNION ALL
    SELECT funder_id, 0, 0, 0, fen, 0, 0, 0, 0 FROM unasked
    UNION ALL
    SELECT funder_id, 0, 0, 0, 0, bank, in_transit, unremitted, named FROM claim_part),
  s AS (SELECT funder_id, sum(charged)::bigint AS charged, sum(ledger)::bigint AS ledger, sum(claimed)::bigint AS claimed,
               sum(unclaimed)::bigint AS unclaimed, sum(seen)::bigint AS seen, sum(in_transit)::bigint AS in_transit,
               sum(unremitted)::bigint AS unremitted, sum(named)::bigint AS named FROM said GROUP BY funder_id)
  SELECT coalesce((SELECT name FROM known_organisation WHERE id = s.funder_id), s.funder_id::text) AS key, charged, ledger, claimed,
         unclaimed, seen, in_transit AS "inTransit", unremitted, in_transit + unremitted AS open, named,
         abs(charged - ledger) + abs(charged - claimed - unclaimed) + abs(claimed - seen - in_transit - unremitted - named)
           AS difference
  FROM s ORDER BY 1`;
