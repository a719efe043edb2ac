import { bound, literalOf, loadSource, recorded, withVariables } from './recorded';
import { RESIDENT_OF_N, type Template } from './template';

type Recordable = Parameters<Parameters<typeof recorded>[0]>[0];
type Send = (tx: Recordable, ...args: unknown[]) => Promise<unknown>;

/** In both databases; the relay forgets the row that the transaction before has told. */
const FORGET = `DELETE FROM outbox
  WHERE id = ANY ((SELECT ARRAY[currval(pg_get_serial_sequence('outbox', 'id'))])::bigint[]);`;

/** What the floor of a booking is made of, for the reader of the figures. */
export const MADE_OF = [
  'bookings: BEGIN, scope, idempotency look-up, facts of session and resident, hold, outbox, memo, COMMIT; outbox delete',
  'billing: BEGIN, scope, inbox, facts, terms, budgets, packages, counters and budget locked, counters, budget, charge, shares,',
  '  outbox, COMMIT; outbox delete',
  'bookings: BEGIN, scope, inbox, confirm, outbox, COMMIT; outbox delete',
  'each statement is the text that the service sends, one booking per transaction, one round trip per statement',
];

/** Holding and confirming one booking, in the bookings database. */
export async function bookingsScript({ booking, charge, shares }: Template): Promise<string> {
  const { CONFIRM } = loadSource<Record<string, string>>('apps/bookings/src/bookings/bookings.queries');
  const authorised = [chargeFacts(charge, shares)];
  return [
    `SELECT ${RESIDENT_OF_N} AS resident, uuidv7() AS booking, uuidv7() AS event, uuidv7() AS charge,
       (SELECT id FROM floor_session WHERE place = n % (SELECT count(*) FROM floor_session)) AS session
     FROM (SELECT nextval('floor_n') AS n) AS next \\gset`,
    ...(await holdLines(booking)),
    ...begin('*'),
    ...(await inbox('billing.charge.v1', '@charge@')),
    bound(CONFIRM, ['now()', `(${literalOf(JSON.stringify(authorised))})`]),
    ...(await outbox('bookings.booking.v1', '@booking@', bookingFacts(booking))),
    'COMMIT;',
    FORGET,
  ].join('\n');
}

/** Holding one booking: of `:resident` in `:session`, as `:booking`, told by `:event`. */
export async function holdLines(booking: Template['booking']): Promise<string[]> {
  const { FACTS_OF_SESSION, RESIDENT_FOR_SESSION } = loadSource<Record<string, string>>(
    'apps/bookings/src/availability/availability.queries',
  );
  const { HOLD_UNITS } = loadSource<Record<string, string>>('apps/bookings/src/bookings/bookings.queries');
  const memos = loadSource<{
    recallSql(memo: object): string;
    remember(sql: Recordable['sql'], memo: object, result: unknown): Promise<unknown>;
  }>('libs/platform/src/database/idempotency');
  const memo = { principal: booking.operator_id, key: '@event@', requestHash: 'f'.repeat(64) };
  const uuid = (text: unknown): string => `'${String(text)}'::uuid`;
  const [session, id, resident] = [':session::uuid', ':booking::uuid', ':resident::uuid'];
  const facts = bookingFacts(booking);
  const hold = [`now()`, session, id, resident, '1', '1', uuid(booking.contract_id), 'true'];
  return [
    ...begin(booking.operator_id),
    ...memos
      .recallSql(memo)
      .split(';')
      .filter(Boolean)
      .map((text) => `${withVariables(text)};`),
    bound(FACTS_OF_SESSION, ['now()', session, 'NULL::uuid', resident]),
    bound(RESIDENT_FOR_SESSION, ['now()', resident, session, 'NULL::uuid']),
    bound(HOLD_UNITS, [
      ...hold,
      `(now() + interval '2 minutes')`,
      'NULL::bytea',
      'NULL::uuid',
      `'held'::text`,
      `(now() + interval '15 seconds')`,
      'NULL::uuid',
      'NULL::text',
    ]),
    ...(await outbox('bookings.booking.v1', '@booking@', { ...facts, expiresAt: booking.created_at })),
    ...(await recorded((tx) => memos.remember(tx.sql, memo, { ...booking, id: '@booking@' }))),
    'COMMIT;',
    FORGET,
  ];
}

/** Authorising the charge of one booking, in the billing database. */
export async function billingScript({ booking, charge, shares }: Template): Promise<string> {
  const holds = loadSource<Record<string, Send>>('apps/billing/src/charges/holds.queries');
  const programmes = loadSource<Record<string, Send>>('apps/billing/src/programmes/programmes.queries');
  const packages = loadSource<Record<string, Send>>('apps/billing/src/packages/uses.queries');
  const asked = {
    ...bookingFacts(booking),
    ...{ bookingId: '@booking@', residentId: '@resident@' },
  };
  const service = {
    kind: booking.kind,
    mode: booking.mode,
    regionCode: booking.region_code,
    day: booking.service_day,
  };
  const keys = shares.map(({ programme_id }) => ({
    ...{ programmeId: programme_id, residentId: '@resident@', span: 'day', startsOn: booking.service_day },
    ...{ operatorId: booking.operator_id, caps: { perDayUses: 1 } },
  }));
  const counters = keys.map((key, i) => ({ ...key, fen: shares[i].reserved_fen, uses: 1 }));
  const budgets = shares.map(({ budget_id, reserved_fen }) => ({
    ...{ id: budget_id, reservedFen: reserved_fen, spentFen: 0 },
  }));
  const row = { ...charge, id: '@charge@', booking_id: '@booking@', resident_id: '@resident@', version: 1 };
  const shareRows = shares.map((share) => ({ ...share, id: '@share@', charge_id: '@charge@' }));
  return [
    `SELECT ${RESIDENT_OF_N} AS resident, uuidv7() AS booking, uuidv7() AS event, uuidv7() AS charge, uuidv7() AS share
     FROM (SELECT nextval('floor_n') AS n) AS next \\gset`,
    ...begin('*'),
    ...(await inbox('bookings.booking.v1', '@booking@')),
    ...(await recorded((tx) => holds.knowledgeOf(tx, [asked]))),
    ...(await recorded((tx) => programmes.termsConcerning(tx, [service]))),
    ...(await recorded((tx) => programmes.budgetsCovering(tx, [service]))),
    ...(await recorded((tx) => packages.packagesFor(tx, [asked]))),
    ...(await recorded((tx) => programmes.lockCounters(tx, keys))),
    ...(await recorded((tx) =>
      programmes.lockBudgets(
        tx,
        budgets.map(({ id }) => id),
      ),
    )),
    ...(await recorded((tx) => programmes.changeCounters(tx, counters))),
    ...(await recorded((tx) => programmes.changeBudgets(tx, budgets))),
    ...(await recorded((tx) => holds.writeCharges(tx, [row]))),
    ...(await recorded((tx) => holds.writeShares(tx, shareRows))),
    ...(await outbox('billing.charge.v1', '@charge@', chargeFacts(charge, shares))),
    'COMMIT;',
    FORGET,
  ].join('\n');
}

function begin(operatorId: string): string[] {
  const { scopeSql } = loadSource<{ scopeSql(scope: object): string }>('libs/platform/src/database/tenancy');
  return ['BEGIN;', `${scopeSql({ operatorId, organisationId: '', regionPrefix: '' })};`];
}

function inbox(topic: string, key: string): Promise<string[]> {
  const { claim } = loadSource<{
    claim(sql: Recordable['sql'], events: object[]): Promise<unknown>;
  }>('libs/platform/src/messaging/inbox');
  return recorded((tx) => claim(tx.sql, [{ id: '@event@', topic, key }]), [{}]);
}

function outbox(topic: string, key: string, payload: object): Promise<string[]> {
  const { appendToOutbox } = loadSource<{
    appendToOutbox(sql: Recordable['sql'], rows: object[]): Promise<unknown>;
  }>('libs/platform/src/messaging/outbox');
  const row = {
    ...{ event_id: '@event@', aggregatetype: topic, aggregateid: key, type: 'bench.Floor.v1' },
    ...{ payload: JSON.stringify(payload), source: 'bench', operator_id: null, version: 1 },
    ...{ occurred_at: '2026-01-01T00:00:00Z', correlation_id: '@event@', causation_id: '@event@' },
    traceparent: null,
  };
  return recorded((tx) => appendToOutbox(tx.sql, [row]));
}

/** The fields of a booking's events. */
function bookingFacts(booking: Template['booking']) {
  return {
    ...{ operatorId: booking.operator_id, bookingId: '@booking@', contractId: booking.contract_id },
    ...{ siteId: booking.site_id, offeringId: booking.offering_id, residentId: '@resident@' },
    ...{ kind: booking.kind, mode: booking.mode, regionCode: booking.region_code },
    ...{ start: booking.starts_at, end: booking.ends_at, serviceDay: booking.service_day },
    ...{ partySize: 1, version: 1, at: booking.created_at },
  };
}

/** The fields of a charge's events. */
function chargeFacts(charge: Template['charge'], shares: Template['shares']) {
  return {
    ...{ operatorId: charge.operator_id, chargeId: '@charge@', bookingId: '@booking@', version: 1 },
    ...{
      contractId: charge.contract_id,
      siteId: charge.site_id,
      residentId: '@resident@',
      kind: charge.kind,
    },
    ...{ serviceDay: charge.service_day, grossFen: charge.gross_fen, residentFen: charge.resident_fen },
    ...{ fundersFen: charge.funders_fen, operatorFen: charge.operator_fen, at: charge.created_at },
    funders: shares.map(({ programme_id, funder_id, reserved_fen }) => ({
      ...{ programmeId: programme_id, funderId: funder_id, amountFen: reserved_fen },
    })),
  };
}
