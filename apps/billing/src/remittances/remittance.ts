import { DomainError, sumFen, type Fen } from '@doorstep/kernel';

export const DIFFERENCE_KINDS = [
  'short_paid',
  'over_paid',
  'not_accepted',
  'unknown_line',
  'not_allocated',
] as const;

/** Where a funder's money and what it had accepted don't meet. */
export interface Difference {
  kind: (typeof DIFFERENCE_KINDS)[number];
  lineId: string | null;
  /** What was open of it. */
  openFen: Fen;
  /** What the remittance says. */
  saidFen: Fen;
  /** said less open; what isn't allocated waits as an advance of the funder. */
  differenceFen: Fen;
}

export interface PayableLine {
  id: string;
  /** Null: not answered yet. */
  acceptedFen: Fen | null;
  remittedFen: Fen;
}

export interface Matched {
  allocations: { lineId: string; amountFen: Fen }[];
  differences: Difference[];
}

/**
 * Meets what a remittance says of lines with what is open of them, to the cent. A line takes at most what is open of it; all
 * that does not fit is named and nothing is lost: what is left over is an advance.
 *
 * @param said what the funder says it pays of which line; below zero where it takes a difference back
 */
export function matchLines(
  lines: readonly PayableLine[],
  said: readonly { lineId: string; amountFen: Fen }[],
): Matched {
  const byId = new Map(lines.map((line) => [line.id, line]));
  const matched: Matched = { allocations: [], differences: [] };
  for (const { lineId, amountFen: saidFen } of said) {
    const line = byId.get(lineId);
    const openFen = line && line.acceptedFen !== null ? line.acceptedFen - line.remittedFen : 0;
    const takenFen =
      openFen >= 0 ? Math.max(0, Math.min(saidFen, openFen)) : Math.min(0, Math.max(saidFen, openFen));
    if (takenFen !== 0) matched.allocations.push({ lineId, amountFen: takenFen });
    if (saidFen === openFen && line) continue;
    const kind = !line
      ? 'unknown_line'
      : line.acceptedFen === null
        ? 'not_accepted'
        : Math.abs(saidFen) < Math.abs(openFen) && saidFen * openFen >= 0
          ? 'short_paid'
          : 'over_paid';
    matched.differences.push({ kind, lineId, openFen, saidFen, differenceFen: saidFen - openFen });
  }
  return matched;
}

/** Everything that is open of whole claims, as if the funder had named each line. */
export function everyOpenLine(lines: readonly PayableLine[]): { lineId: string; amountFen: Fen }[] {
  return lines
    .filter(({ acceptedFen }) => acceptedFen !== null)
    .map(({ id, acceptedFen, remittedFen }) => ({
      lineId: id,
      amountFen: (acceptedFen as number) - remittedFen,
    }))
    .filter(({ amountFen }) => amountFen !== 0);
}

/** Whether money that came, or went back, is enough for what is meant: some of it, and of its sign. */
export function covers(amountFen: Fen, meantFen: Fen): boolean {
  return Math.min(0, amountFen) <= meantFen && meantFen <= Math.max(0, amountFen);
}

/**
 * Deals an amount out over open lines when the funder names claims and not lines: what gives money back first, then the
 * others in their order until the amount is used up.
 */
export function dealAcross(
  open: readonly { lineId: string; amountFen: Fen }[],
  amountFen: Fen,
): { lineId: string; amountFen: Fen }[] {
  const back = open.filter((line) => line.amountFen < 0);
  let leftFen = Math.max(0, amountFen - sumFen(back.map((line) => line.amountFen)));
  const paid = open
    .filter((line) => line.amountFen > 0)
    .map(({ lineId, amountFen: openFen }) => {
      const fen = Math.min(openFen, leftFen);
      leftFen -= fen;
      return { lineId, amountFen: fen };
    });
  return [...back, ...paid].filter((line) => line.amountFen !== 0);
}

/** What a remittance pays of a line. */
export interface PaidLine {
  lineId: string;
  amountFen: Fen;
}

/**
 * What of a remittance's lines is taken back, so that the rest still is no more than came, and of its sign.
 *
 * @param named lines, or 'all'
 */
export function takenBack(
  paid: readonly PaidLine[],
  named: readonly string[] | 'all',
  amountFen: Fen,
): PaidLine[] {
  const byId = new Map(paid.map((line) => [line.lineId, line]));
  const taken = named === 'all' ? [...paid] : named.map((id) => byId.get(id.toLowerCase()) ?? unpaid(id));
  if (taken.length === 0)
    throw new DomainError('conflict', 'nothing_allocated', 'It pays no line.', {
      mend: 'See what it pays: GET /v1/remittances/{id}/lines.',
    });
  const [paidFen, takenFen] = [paid, taken].map((lines) => sumFen(lines.map((line) => line.amountFen)));
  if (covers(amountFen, paidFen - takenFen)) return taken;
  throw new DomainError(
    'conflict',
    'remittance_exceeded',
    `The lines that are left would come to ${paidFen - takenFen} fen, the remittance has ${amountFen}.`,
    { field: 'lineIds', mend: 'Take back lines that gave something back together with those that it paid.' },
  );
}

function unpaid(lineId: string): never {
  throw new DomainError('conflict', 'line_not_paid', `The remittance doesn’t pay line ${lineId}.`, {
    field: 'lineIds',
    mend: 'Take the ids from GET /v1/remittances/{id}/lines, of lines that have not ended.',
  });
}

/** Something expected at the bank, as far as the bank's side has dealt with it. */
export interface Settled {
  amountFen: Fen;
  /** Seen on statements. */
  matchedFen: Fen;
  /** Given up by people, because no statement showed it. */
  givenUpFen: Fen;
  /** What of it stays paid without the remittance. */
  leftPaidFen: Fen;
}

/** Whether the bank's side says more than the books would without the remittance: that has to be undone first. */
export function standsAtBank({ amountFen, matchedFen, givenUpFen, leftPaidFen }: Settled): boolean {
  const sign = Math.sign(amountFen);
  return sign * (matchedFen + givenUpFen) > Math.max(0, sign * leftPaidFen);
}
