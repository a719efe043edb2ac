export const TIE_NAMES = [
  'delivered_charged',
  'charges_ledger',
  'residents',
  'funders',
  'operator',
  'debits_credits',
  'payments_channels',
  'channels_ledger',
  'channels_bank',
  'transfers_bank',
  'claims_bank',
  'contracts_ledger',
  'contracts_bank',
  'bank_ledger',
  'held_ledger',
] as const;
export type TieName = (typeof TIE_NAMES)[number];

/** What two books that were kept apart say of the same thing. */
export interface Tie {
  name: TieName;
  unit: 'services' | 'fen';
  left: Side;
  right: Side;
  /** left less right; 0 when the books tie. */
  difference: number;
}

export interface Side {
  /** Which table says so. */
  source: string;
  amount: number;
}

/** The figures of one month, each from its own table. Amounts in fen. */
export interface Figures {
  deliveries: number;
  capturedServices: number;
  chargedGross: number;
  chargedResident: number;
  chargedFunders: number;
  chargedOperator: number;
  ledgerRevenue: number;
  ledgerConcessions: number;
  ledgerDebits: number;
  ledgerCredits: number;
  /** What residents still owe for the month's services, by the ledger. */
  residentsOpen: number;
  /** What was paid for them, by the allocations of payments. */
  residentsPaid: number;
  claimed: number;
  unclaimed: number;
}

/** What channels and banks say, each from its own table. Amounts in fen, refunds below zero. */
export interface MoneyFigures {
  /** Payments less refunds of the month, transfers apart. */
  paymentsRecorded: number;
  /** Of them: confirmed by a line of a channel's file. */
  paymentsSettled: number;
  /** Of them: named by an exception. */
  paymentsNamed: number;
  /** Of them: of days whose file has not come. */
  paymentsWaiting: number;
  /** By the lines of the month's files that settle something. */
  filesSettled: number;
  /** What the ledger took off the clearing for them. */
  ledgerSettled: number;
  /** What channels should pay out for the month. */
  payoutsExpected: number;
  /** Of it: seen on statements. */
  payoutsSeen: number;
  /** Of it: in transit, named by what is expected, or written off. */
  payoutsOpen: number;
  /** Residents' transfers of the month, less what went back by transfer. */
  transfersRecorded: number;
  transfersSeen: number;
  transfersOpen: number;
  /** Claims of the month that were submitted. */
  claimsSubmitted: number;
  claimsSeen: number;
  claimsOpen: number;
  /** Net of the settlements of contracts that were agreed in the month; above zero the authority owes it. */
  settlementsAgreed: number;
  /** What the ledger put on the clearing with the authority for them. */
  settlementsBooked: number;
  settlementsSeen: number;
  settlementsOpen: number;
  /** Lines of the month on bank statements that are matched. */
  bankMatched: number;
  /** What the ledger has on bank accounts for them. */
  ledgerBank: number;
  /** Held for residents by name at this moment, such as on prepaid cards, by payments, refunds and uses. */
  heldForResidents: number;
  ledgerHeld: number;
}

/** Bookings = charges = ledger = payments and claims, pair by pair. */
export function tiesOf(figures: Figures): Tie[] {
  const tie = (name: Tie['name'], unit: Tie['unit'], left: Side, right: Side): Tie => ({
    name,
    unit,
    left,
    right,
    difference: left.amount - right.amount,
  });
  return [
    tie(
      'delivered_charged',
      'services',
      { source: 'services delivered, as bookings told', amount: figures.deliveries },
      { source: 'charges captured', amount: figures.capturedServices },
    ),
    tie(
      'charges_ledger',
      'fen',
      { source: 'charges: gross', amount: figures.chargedGross },
      { source: 'ledger: revenue from services', amount: figures.ledgerRevenue },
    ),
    tie(
      'residents',
      'fen',
      { source: "charges: residents' part", amount: figures.chargedResident },
      {
        source: 'payments allocated and what the ledger still has open',
        amount: figures.residentsPaid + figures.residentsOpen,
      },
    ),
    tie(
      'funders',
      'fen',
      { source: "charges: funders' part", amount: figures.chargedFunders },
      { source: 'claim lines and shares not claimed yet', amount: figures.claimed + figures.unclaimed },
    ),
    tie(
      'operator',
      'fen',
      { source: "charges: operator's part", amount: figures.chargedOperator },
      { source: 'ledger: concessions', amount: figures.ledgerConcessions },
    ),
    tie(
      'debits_credits',
      'fen',
      { source: 'ledger: all debits', amount: figures.ledgerDebits },
      { source: 'ledger: all credits', amount: figures.ledgerCredits },
    ),
  ];
}

/** Channel and bank against what was recorded, booked and claimed. What is waiting or open has a name of its own. */
export function moneyTiesOf(figures: MoneyFigures): Tie[] {
  const tie = (name: TieName, left: Side, right: Side): Tie => ({
    ...{ name, unit: 'fen', left, right },
    difference: left.amount - right.amount,
  });
  const side = (source: string, amount: number): Side => ({ source, amount });
  return [
    tie(
      'payments_channels',
      side('payments less refunds recorded', figures.paymentsRecorded),
      side(
        "channels' lines, exceptions, and days whose bill has not come",
        figures.paymentsSettled + figures.paymentsNamed + figures.paymentsWaiting,
      ),
    ),
    tie(
      'channels_ledger',
      side("channels' lines that settle something", figures.filesSettled),
      side('ledger: taken off the clearing', figures.ledgerSettled),
    ),
    tie(
      'channels_bank',
      side("channels' files net of fees; of one contract, what of them was booked", figures.payoutsExpected),
      side('seen on statements, in transit, written off', figures.payoutsSeen + figures.payoutsOpen),
    ),
    tie(
      'transfers_bank',
      side('transfers recorded, less those that went back', figures.transfersRecorded),
      side('seen on statements, still expected, written off', figures.transfersSeen + figures.transfersOpen),
    ),
    tie(
      'claims_bank',
      side('claims submitted', figures.claimsSubmitted),
      side('seen on statements, still expected, written off', figures.claimsSeen + figures.claimsOpen),
    ),
    tie(
      'contracts_ledger',
      side('settlements of contracts agreed', figures.settlementsAgreed),
      side('ledger: clearing with the authority', figures.settlementsBooked),
    ),
    tie(
      'contracts_bank',
      side('settlements of contracts agreed', figures.settlementsAgreed),
      side(
        'seen on statements, still expected, written off',
        figures.settlementsSeen + figures.settlementsOpen,
      ),
    ),
    tie(
      'bank_ledger',
      side("banks' lines that are matched", figures.bankMatched),
      side('ledger: bank accounts', figures.ledgerBank),
    ),
    tie(
      'held_ledger',
      side('held for residents now: paid in, less used and given back', figures.heldForResidents),
      side('ledger: prepaid cards, packages and deposits', figures.ledgerHeld),
    ),
  ];
}

/** Sum of the differences in fen without their signs. */
export function differenceOf(ties: readonly Tie[]): number {
  return ties
    .filter(({ unit }) => unit === 'fen')
    .reduce((sum, { difference }) => sum + Math.abs(difference), 0);
}
