import type { Tx } from '@doorstep/platform';
import { asJson, regionPrefixesOf } from '../shared/rows';
import type { BudgetChange, CounterChange } from './changes';
import type { Budget, Caps, ServiceFacts, Terms } from './programme';
import type { Counter, CounterKey } from './purse';
import type { Candidate } from './split';

/** A programme's terms and who pays by them. */
export interface Offered {
  terms: Terms;
  payer: Candidate['payer'];
}

const TERMS = `
  terms.id AS "termsId", terms.programme_id AS "programmeId", programme.code, programme.funder_id AS "funderId",
  programme.region_prefix AS "regionPrefix", terms.kinds, terms.modes, terms.from_day AS "from", terms.to_day AS "to",
  terms.eligibility, terms.base, terms.rate_bp AS "rateBp", terms.fixed_fen AS "fixedFen",
  terms.minimum_gross_fen AS "minimumGrossFen", terms.caps, terms.position AS "order", terms.excludes`;

type TermsRow = Terms & { payer: Candidate['payer'] };

/** Terms that may concern any of these services; whether they do is for `concerns` to say. */
export async function termsConcerning(tx: Tx, services: readonly ServiceFacts[]): Promise<Offered[]> {
  if (services.length === 0) return [];
  const days = services.map(({ day }) => day).sort();
  const rows = await tx.prepared<TermsRow>(
    `SELECT ${TERMS}, programme.payer
     FROM programme_terms AS terms JOIN programme ON programme.id = terms.programme_id
     WHERE programme.region_prefix = ANY ($1) AND terms.kinds && $2
       AND terms.from_day <= $4 AND (terms.to_day IS NULL OR terms.to_day > $3)`,
    [prefixesOf(services), [...new Set(services.map(({ kind }) => kind))], days[0], days.at(-1)],
  );
  return rows.map(offered);
}

export function offered({ payer, ...terms }: TermsRow): Offered {
  return { payer, terms };
}

/** SQL of terms as JSON in the form of `Terms` with the payer, for queries that gather shares. */
export const TERMS_AS_JSON = `jsonb_build_object(
  'termsId', terms.id, 'programmeId', terms.programme_id, 'code', programme.code, 'funderId', programme.funder_id,
  'regionPrefix', programme.region_prefix, 'kinds', terms.kinds, 'modes', terms.modes, 'from', terms.from_day,
  'to', terms.to_day, 'eligibility', terms.eligibility, 'base', terms.base, 'rateBp', terms.rate_bp,
  'fixedFen', terms.fixed_fen, 'minimumGrossFen', terms.minimum_gross_fen, 'caps', terms.caps,
  'order', terms.position, 'excludes', terms.excludes)`;

const BUDGET = `id, programme_id AS "programmeId", period, region_prefix AS "regionPrefix", amount_fen AS "amountFen",
  reserved_fen AS "reservedFen", spent_fen AS "spentFen"`;

/** Budgets that may cover any of these services, as they stand, without a lock. */
export async function budgetsCovering(tx: Tx, services: readonly ServiceFacts[]): Promise<Budget[]> {
  if (services.length === 0) return [];
  const periods = new Set(services.flatMap(({ day }) => [day.slice(0, 4), day.slice(0, 7)]));
  return tx.prepared<Budget>(
    `SELECT ${BUDGET} FROM programme_budget WHERE region_prefix = ANY ($1) AND period = ANY ($2)`,
    [prefixesOf(services), [...periods]],
  );
}

function prefixesOf(services: readonly ServiceFacts[]): string[] {
  return regionPrefixesOf(new Set(services.map(({ regionCode }) => regionCode)));
}

/** Locks budgets until the transaction ends, always in the same order, and reads them as they are then. */
export async function lockBudgets(tx: Tx, ids: readonly string[]): Promise<Budget[]> {
  if (ids.length === 0) return [];
  return tx.prepared<Budget>(
    `SELECT ${BUDGET} FROM programme_budget WHERE id = ANY ($1) ORDER BY id FOR NO KEY UPDATE`,
    [ids],
  );
}

/** Adds to budgets, one update per budget; the table's CHECK is the last word on what fits. */
export async function changeBudgets(tx: Tx, changes: readonly BudgetChange[]): Promise<void> {
  if (changes.length === 0) return;
  await tx.prepared(
    `UPDATE programme_budget AS budget
     SET reserved_fen = budget.reserved_fen + change."reservedFen", spent_fen = budget.spent_fen + change."spentFen"
     FROM jsonb_to_recordset($1) AS change (id uuid, "reservedFen" bigint, "spentFen" bigint)
     WHERE budget.id = change.id`,
    [asJson(changes)],
  );
}

export interface CounterSought extends CounterKey {
  operatorId: string;
  caps: Caps;
}

/**
 * Opens the counters that are missing and locks all of them, always in the same order, so that two batches never wait for
 * each other. The limits beside the counts follow the caps; a lowered cap leaves what was given before. A counter that is
 * sought by several rules, as in a month in which they change, has the widest of their caps beside it.
 */
export async function lockCounters(tx: Tx, sought: readonly CounterSought[]): Promise<Counter[]> {
  if (sought.length === 0) return [];
  const rows = sought.map(({ operatorId, programmeId, residentId, span, startsOn, caps }) => ({
    operator_id: operatorId,
    programme_id: programmeId,
    resident_id: residentId,
    span,
    starts_on: startsOn,
    limit_fen: { day: caps.perDayFen, month: caps.perMonthFen, year: caps.perYearFen }[span],
    limit_uses: span === 'day' ? caps.perDayUses : undefined,
  }));
  return tx.prepared<Counter>(
    `INSERT INTO cap_counter AS counter (operator_id, programme_id, resident_id, span, starts_on, limit_fen, limit_uses)
     SELECT operator_id, programme_id, resident_id, span, starts_on,
            CASE WHEN bool_and(limit_fen IS NOT NULL) THEN max(limit_fen) END,
            CASE WHEN bool_and(limit_uses IS NOT NULL) THEN max(limit_uses) END
     FROM jsonb_populate_recordset(null::cap_counter, $1)
     GROUP BY operator_id, programme_id, resident_id, span, starts_on
     ORDER BY programme_id, resident_id, span, starts_on
     ON CONFLICT (programme_id, resident_id, span, starts_on) DO UPDATE
       SET limit_fen = greatest(excluded.limit_fen, CASE WHEN excluded.limit_fen IS NOT NULL THEN counter.used_fen END),
           limit_uses = greatest(excluded.limit_uses, CASE WHEN excluded.limit_uses IS NOT NULL THEN counter.uses END)
     RETURNING programme_id AS "programmeId", resident_id AS "residentId", span, starts_on AS "startsOn",
               used_fen AS "usedFen", uses`,
    [asJson(rows)],
  );
}

/** Counters of one resident, read without a lock, for a quote. */
export async function readCounters(tx: Tx, residentId: string, day: string): Promise<Counter[]> {
  return tx.prepared<Counter>(
    `SELECT programme_id AS "programmeId", resident_id AS "residentId", span, starts_on AS "startsOn",
            used_fen AS "usedFen", uses
     FROM cap_counter
     WHERE resident_id = $1 AND starts_on = ANY ($2::date[])`,
    [residentId, [day, `${day.slice(0, 7)}-01`, `${day.slice(0, 4)}-01-01`]],
  );
}

/** The same counters as they stand, without a lock; those that nobody has opened yet are left out. */
export async function readCountersOf(tx: Tx, sought: readonly CounterKey[]): Promise<Counter[]> {
  if (sought.length === 0) return [];
  return tx.sql<Counter>(
    `SELECT counter.programme_id AS "programmeId", counter.resident_id AS "residentId", counter.span,
            counter.starts_on AS "startsOn", counter.used_fen AS "usedFen", counter.uses
     FROM cap_counter AS counter
     JOIN jsonb_to_recordset($1) AS key ("programmeId" uuid, "residentId" uuid, span text, "startsOn" date)
       ON counter.programme_id = key."programmeId" AND counter.resident_id = key."residentId"
         AND counter.span = key.span AND counter.starts_on = key."startsOn"`,
    [asJson(sought)],
  );
}

/** Adds to counters that exist, locking them in the common order first when the caller has not done so. */
export async function changeCounters(
  tx: Tx,
  changes: readonly CounterChange[],
  { lockFirst = false } = {},
): Promise<void> {
  if (changes.length === 0) return;
  const json = asJson(changes);
  const change = `jsonb_to_recordset($1) AS change
    ("programmeId" uuid, "residentId" uuid, span text, "startsOn" date, fen bigint, uses int)`;
  const same = `counter.programme_id = change."programmeId" AND counter.resident_id = change."residentId"
    AND counter.span = change.span AND counter.starts_on = change."startsOn"`;
  await Promise.all([
    lockFirst &&
      tx.prepared(
        `SELECT FROM cap_counter AS counter JOIN ${change} ON ${same}
         ORDER BY programme_id, resident_id, counter.span, starts_on FOR NO KEY UPDATE OF counter`,
        [json],
      ),
    tx.prepared(
      `UPDATE cap_counter AS counter SET used_fen = used_fen + change.fen, uses = counter.uses + change.uses
       FROM ${change} WHERE ${same}`,
      [json],
    ),
  ]);
}
