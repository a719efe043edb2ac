import type { Registration } from '@doorstep/contracts';
import type { Tx } from '@doorstep/platform';
import type { ContractedServices } from '../prices/ceiling';
import type { Price } from '../prices/price';
import { asJson } from '../shared/rows';
import type { HeldBooking, Knowledge } from './charge';

/** A held booking on its way to a charge. */
export interface Hold extends HeldBooking {
  chargeId: string;
  /** Latest moment to decide when something is not known yet. */
  decideBy: Date;
  heldEventId: string;
  correlationId: string;
}

interface KnowledgeRow {
  /** A charge that is there already: the event's twin, or a release that overtook it. */
  status: string | null;
  offering: { capacity_model: string } | null;
  resident: {
    birth_date: string | null;
    care_level: string | null;
    care_level_assessed_on: string | null;
    hardship: boolean;
    disability: boolean;
    birth_order: number | null;
    registration: Registration | null;
    registered_in: string | null;
    subsidy_consent: boolean;
    erased: boolean;
  } | null;
  contract: ({ status: string; from_day: string; to_day: string } & ContractedServices) | null;
  placement: { from_day: string; to_day: string; kinds: string[]; in_force: boolean } | null;
  price: {
    id: string;
    contract_id: string;
    site_id: string | null;
    kind: string;
    mode: string | null;
    age_class: string | null;
    unit: Price['unit'];
    amount_fen: number;
    bands: Price['bands'];
    step_minutes: number;
    from_day: string;
    to_day: string | null;
  } | null;
  site_stars: number | null;
  time_zone: string | null;
}

/** What a service is asked about: a held booking, or what a quote makes up. */
export type Asked = Pick<
  HeldBooking,
  | 'bookingId'
  | 'operatorId'
  | 'contractId'
  | 'siteId'
  | 'offeringId'
  | 'residentId'
  | 'kind'
  | 'mode'
  | 'serviceDay'
> & { ageClass?: string };

/** Planning takes longer than looking at so many. For more the plan is made by how large the tables are now. */
const PLAN_KEPT_MAX = 20;

/** Everything that decides about each booking, in the order asked; the price is the most specific of the day. */
export async function knowledgeOf(
  tx: Tx,
  asked: readonly Asked[],
): Promise<(Knowledge & { status: string | null })[]> {
  const ask = asked.length <= PLAN_KEPT_MAX ? tx.prepared : tx.sql;
  const rows = await ask<KnowledgeRow>(KNOWLEDGE, [
    asJson(
      asked.map((one) => ({
        booking_id: one.bookingId,
        operator_id: one.operatorId,
        contract_id: one.contractId,
        site_id: one.siteId,
        offering_id: one.offeringId,
        resident_id: one.residentId,
        kind: one.kind,
        mode: one.mode,
        age_class: one.ageClass,
        service_day: one.serviceDay,
      })),
    ),
  ]);
  return rows.map(knowledge);
}

/** Looked up one by one: row-level security hides from the planner how many rows there are, and it would read them all. */
const known = (thing: string): string => `
  LEFT JOIN LATERAL (SELECT k.* FROM known_${thing} AS k
    WHERE k.id = asked.${thing}_id AND k.operator_id = asked.operator_id LIMIT 1) AS ${thing} ON true`;

const KNOWLEDGE = `
  SELECT charge.status, to_jsonb(offering) AS offering, to_jsonb(resident) AS resident, to_jsonb(contract) AS contract,
         to_jsonb(placement) AS placement, to_jsonb(price) AS price, rating.stars AS site_stars,
         site.time_zone
  FROM ROWS FROM (jsonb_to_recordset($1) AS (booking_id uuid, operator_id uuid, contract_id uuid, site_id uuid,
         offering_id uuid, resident_id uuid, kind text, mode text, age_class text, service_day date)) WITH ORDINALITY AS asked
       (booking_id, operator_id, contract_id, site_id, offering_id, resident_id, kind, mode, age_class, service_day, place)
  LEFT JOIN LATERAL (SELECT c.status FROM charge AS c WHERE c.booking_id = asked.booking_id LIMIT 1) AS charge ON true
  ${known('offering')} ${known('resident')} ${known('contract')} ${known('site')}
  LEFT JOIN LATERAL (
    SELECT p.* FROM known_placement AS p
    WHERE p.contract_id = asked.contract_id AND p.site_id = asked.site_id AND p.operator_id = asked.operator_id
    ORDER BY (p.from_day <= asked.service_day AND asked.service_day < p.to_day) DESC, p.in_force DESC, p.version DESC
    LIMIT 1) AS placement ON true
  LEFT JOIN LATERAL (
    SELECT p.* FROM price AS p
    WHERE p.contract_id = asked.contract_id AND p.operator_id = asked.operator_id AND p.kind = asked.kind
      AND (p.site_id IS NULL OR p.site_id = asked.site_id) AND (p.mode IS NULL OR p.mode = asked.mode)
      AND (p.age_class IS NULL OR p.age_class = asked.age_class) AND p.withdrawn_at IS NULL
      AND p.from_day <= asked.service_day AND (p.to_day IS NULL OR asked.service_day < p.to_day)
    ORDER BY p.site_id NULLS LAST, p.mode NULLS LAST, p.age_class NULLS LAST
    LIMIT 1) AS price ON true
  LEFT JOIN LATERAL (
    SELECT held.stars
    FROM known_site_rating AS known, jsonb_to_recordset(known.ratings) AS held (stars int, "from" date, "to" date)
    WHERE known.id = asked.site_id AND known.operator_id = asked.operator_id
      AND held."from" <= asked.service_day AND (held."to" IS NULL OR asked.service_day < held."to")
    ORDER BY held."from" DESC LIMIT 1) AS rating ON true
  ORDER BY asked.place`;

function knowledge({ status, offering, resident, contract, placement, price, ...row }: KnowledgeRow) {
  return {
    status,
    siteStars: row.site_stars,
    timeZone: row.time_zone,
    offering: offering && { capacityModel: offering.capacity_model },
    resident: resident && {
      birthDate: resident.birth_date,
      careLevel: resident.care_level,
      careLevelAssessedOn: resident.care_level_assessed_on,
      hardship: resident.hardship,
      disability: resident.disability,
      birthOrder: resident.birth_order,
      registration: resident.registration,
      registeredIn: resident.registered_in,
      subsidyConsent: resident.subsidy_consent,
      erased: resident.erased,
    },
    contract: contract && {
      status: contract.status,
      from: contract.from_day,
      to: contract.to_day,
      services: contract.services,
      revisions: contract.revisions,
    },
    placement: placement && {
      from: placement.from_day,
      to: placement.to_day,
      kinds: placement.kinds,
      inForce: placement.in_force,
    },
    price: price && {
      id: price.id,
      contractId: price.contract_id,
      siteId: price.site_id,
      kind: price.kind,
      mode: price.mode,
      ageClass: price.age_class,
      unit: price.unit,
      amountFen: price.amount_fen,
      bands: price.bands,
      stepMinutes: price.step_minutes,
      from: price.from_day,
      to: price.to_day,
    },
  };
}

/** A charge as it is first written, or as a pending one is decided. Names are the table's columns. */
export interface ChargeRow {
  id: string;
  operator_id: string;
  booking_id: string;
  contract_id: string;
  site_id: string;
  offering_id: string;
  resident_id: string;
  kind: string;
  mode: string;
  region_code: string;
  service_day: string;
  starts_at: string;
  ends_at: string;
  party_size: number;
  status: string;
  version: number;
  price_id?: string;
  unit?: string;
  unit_fen?: number;
  step_minutes?: number;
  spans?: object[] | null;
  package_id?: string;
  package_wish?: string | null;
  replaces?: string | null;
  quantity?: number;
  planned_minutes?: number;
  month?: object;
  gross_fen: number;
  resident_fen: number;
  funders_fen: number;
  operator_fen: number;
  trace: object[];
  code?: string;
  reason?: string;
  waits_for?: string[];
  decide_by?: Date;
  held_event_id?: string;
  correlation_id?: string;
  created_at: Date;
  changed_at: Date;
}

const CHARGE_COLUMNS = [
  'id operator_id booking_id contract_id site_id offering_id resident_id kind mode region_code service_day',
  'starts_at ends_at party_size status version price_id unit unit_fen step_minutes spans package_id quantity',
  'package_wish replaces planned_minutes month',
  'gross_fen resident_fen funders_fen operator_fen trace code reason waits_for decide_by held_event_id',
  'correlation_id created_at changed_at',
]
  .join(' ')
  .split(' ');

const DECIDED_COLUMNS = [
  'status version price_id unit unit_fen step_minutes spans package_id quantity planned_minutes gross_fen resident_fen funders_fen',
  'operator_fen trace code reason waits_for decide_by changed_at reserved_on',
]
  .join(' ')
  .split(' ');

/**
 * Writes new charges, or the decision on pending ones; a charge in any other state is left as it is. In the order of their
 * bookings: of one, a hold and the end that overtook it may be written at once.
 */
export async function writeCharges(tx: Tx, rows: readonly ChargeRow[]): Promise<void> {
  if (rows.length === 0) return;
  const columns = CHARGE_COLUMNS.join(', ');
  await tx.prepared(
    `INSERT INTO charge (${columns}, reserved_on)
     SELECT ${columns}, CASE WHEN status = 'authorised' THEN (changed_at AT TIME ZONE 'Asia/Shanghai')::date END
     FROM jsonb_populate_recordset(null::charge, $1) ORDER BY booking_id
     ON CONFLICT (booking_id) DO UPDATE SET ${DECIDED_COLUMNS.map((name) => `${name} = excluded.${name}`).join(', ')}
     WHERE charge.status = 'pending'`,
    [asJson(rows)],
  );
}

export interface ShareRow {
  id: string;
  operator_id: string;
  charge_id: string;
  programme_id: string;
  terms_id: string;
  funder_id: string;
  payer: string;
  budget_id: string;
  place: number;
  reserved_fen: number;
}

export async function writeShares(tx: Tx, rows: readonly ShareRow[]): Promise<void> {
  if (rows.length === 0) return;
  const columns =
    'id, operator_id, charge_id, programme_id, terms_id, funder_id, payer, budget_id, place, reserved_fen';
  await tx.prepared(
    `INSERT INTO charge_share (${columns}) SELECT ${columns} FROM jsonb_populate_recordset(null::charge_share, $1)`,
    [asJson(rows)],
  );
}
