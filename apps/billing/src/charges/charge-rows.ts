import type { Split } from '../programmes/split';
import type { Priceable } from './charge';
import type { ChargeRow, Hold } from './holds.queries';

/** What every charge says of its booking. */
export function baseRow(hold: Hold, now: Date): Omit<ChargeRow, 'status' | 'version'> {
  return {
    id: hold.chargeId,
    operator_id: hold.operatorId,
    booking_id: hold.bookingId,
    contract_id: hold.contractId,
    site_id: hold.siteId,
    offering_id: hold.offeringId,
    resident_id: hold.residentId,
    kind: hold.kind,
    mode: hold.mode,
    region_code: hold.regionCode,
    service_day: hold.serviceDay,
    starts_at: hold.start,
    ends_at: hold.end,
    party_size: hold.partySize,
    package_wish: hold.packageWish,
    replaces: hold.replaces,
    gross_fen: 0,
    resident_fen: 0,
    funders_fen: 0,
    operator_fen: 0,
    trace: [],
    held_event_id: hold.heldEventId,
    correlation_id: hold.correlationId,
    created_at: now,
    changed_at: now,
  };
}

/** One that waits for news. */
export function pendingRow(hold: Hold, waitsFor: string[], now: Date): ChargeRow {
  return {
    ...baseRow(hold, now),
    status: 'pending',
    version: 1,
    waits_for: waitsFor,
    decide_by: hold.decideBy,
  };
}

export function authorisedRow(
  hold: Hold,
  { price, tariff, quantity, minutes, use }: Priceable,
  result: Split,
  { version, now }: { version: number; now: Date },
): ChargeRow {
  return {
    ...baseRow(hold, now),
    status: 'authorised',
    version,
    price_id: price.id,
    unit: tariff.unit,
    unit_fen: tariff.amountFen,
    step_minutes: tariff.stepMinutes,
    spans: tariff.spans,
    package_id: use?.packageId,
    quantity,
    planned_minutes: minutes,
    gross_fen: result.grossFen,
    resident_fen: result.residentFen,
    funders_fen: result.fundersFen,
    operator_fen: result.operatorFen,
    trace: result.trace,
  };
}
