import {
  BookingHeld,
  ChargeAuthorised,
  ChargeCaptured,
  ChargeDeclined,
  ChargeReleased,
  event,
  type DomainEvent,
} from '@doorstep/contracts';
import type { Fen } from '@doorstep/kernel';
import type { Received } from '@doorstep/platform';
import type { Refusal } from './charge';
import type { Hold } from './holds.queries';

interface ChargeFacts {
  operatorId: string;
  chargeId: string;
  bookingId: string;
  version: number;
  at: Date;
}

/** What a funder owes by one of its programmes. */
export interface FundersPart {
  programmeId: string;
  funderId: string;
  amountFen: Fen;
}

interface PricedFacts extends ChargeFacts {
  contractId: string;
  siteId: string;
  residentId: string;
  kind: string;
  serviceDay: string;
  grossFen: Fen;
  residentFen: Fen;
  fundersFen: Fen;
  operatorFen: Fen;
  funders: FundersPart[];
}

function envelope({ operatorId, chargeId, bookingId, version, at }: ChargeFacts) {
  return { operatorId, chargeId, bookingId, version, at: at.toISOString() };
}

function priced(facts: PricedFacts) {
  return {
    operatorId: facts.operatorId,
    chargeId: facts.chargeId,
    bookingId: facts.bookingId,
    version: facts.version,
    at: facts.at.toISOString(),
    contractId: facts.contractId,
    siteId: facts.siteId,
    residentId: facts.residentId,
    kind: facts.kind,
    serviceDay: facts.serviceDay,
    grossFen: facts.grossFen,
    residentFen: facts.residentFen,
    fundersFen: facts.fundersFen,
    operatorFen: facts.operatorFen,
    funders: facts.funders,
  };
}

export const chargeAuthorised = (facts: PricedFacts & { packageId?: string }): ChargeAuthorised =>
  event(ChargeAuthorised, { ...priced(facts), ...(facts.packageId && { packageId: facts.packageId }) });
export const chargeCaptured = (facts: PricedFacts): ChargeCaptured => event(ChargeCaptured, priced(facts));
export const chargeDeclined = (facts: ChargeFacts, { code, reason, mend }: Refusal): ChargeDeclined =>
  event(ChargeDeclined, { ...envelope(facts), code, reason, ...(mend && { mend }) });
export const chargeReleased = (facts: ChargeFacts, reason: string): ChargeReleased =>
  event(ChargeReleased, { ...envelope(facts), reason });

/** The event that a decision answers, also when it is made long after the event was consumed. */
export function heldAs(hold: Hold): Received<DomainEvent> {
  const {
    chargeId: _chargeId,
    decideBy,
    heldEventId,
    correlationId,
    packageWish,
    replaces,
    ...booking
  } = hold;
  const at = decideBy.toISOString();
  return {
    id: heldEventId,
    type: 'bookings.BookingHeld.v1',
    data: event(BookingHeld, {
      ...booking,
      ...(packageWish && { packageId: packageWish }),
      ...(replaces && { replaces }),
      mode: booking.mode as BookingHeld['mode'],
      expiresAt: at,
      version: 1,
      at,
    }),
    key: hold.bookingId,
    operatorId: hold.operatorId,
    version: 1,
    time: decideBy,
    correlationId,
  };
}
