/** What two books that were kept apart say of the same thing. */
export interface Tie {
  name: 'delivered_charged' | 'charges_ledger' | 'residents' | 'funders' | 'operator' | 'debits_credits';
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
