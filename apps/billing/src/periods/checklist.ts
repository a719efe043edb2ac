import { DomainError, type Day } from '@doorstep/kernel';

/** What is counted before a month is closed: each is 0 when there is nothing left to do. */
export interface ClosingFigures {
  earlierOpenMonths: number;
  undecidedCharges: number;
  unchargedDeliveries: number;
  unreconciledFiles: number;
  unexplainedPayments: number;
  unmatchedLines: number;
  openExceptions: number;
  waitingVoids: number;
  disputedExceptions: number;
  uncoveredDays: number;
  draftClaims: number;
  unclaimedShares: number;
  overstatedFapiao: number;
  differenceFen: number;
}

export const CHECKS = [
  'month_over',
  'earlier_months_closed',
  'charges_decided',
  'deliveries_charged',
  'files_reconciled',
  'payments_explained',
  'statements_matched',
  'exceptions_settled',
  'voids_decided',
  'books_tie',
  'disputes_named',
  'statements_complete',
  'claims_submitted',
  'shares_claimed',
  'fapiao_true',
] as const;
export type CheckName = (typeof CHECKS)[number];

export interface Check {
  name: CheckName;
  ok: boolean;
  /** The month can't be closed before it is ok; the others are worth a look. */
  blocking: boolean;
  count: number;
  mend: string;
}

/** @param today by China's clock */
export function checklist(figures: ClosingFigures, nextMonth: Day, today: Day): Check[] {
  const check = (name: CheckName, count: number, mend: string, blocking = true): Check => ({
    ...{ name, ok: count === 0, blocking, count, mend },
  });
  return [
    check('month_over', today < nextMonth ? 1 : 0, `Wait until ${nextMonth}.`),
    check('earlier_months_closed', figures.earlierOpenMonths, 'Close the months before it first.'),
    check('charges_decided', figures.undecidedCharges, 'Wait a moment: charges are being decided.'),
    check(
      'deliveries_charged',
      figures.unchargedDeliveries,
      'See GET /v1/reports/ties: services were delivered and not charged.',
    ),
    check(
      'files_reconciled',
      figures.unreconciledFiles,
      "Reconcile the month's files: POST /v1/reconciliations.",
    ),
    check(
      'payments_explained',
      figures.unexplainedPayments,
      "Upload the channels' bills of the days that have none.",
    ),
    check(
      'statements_matched',
      figures.unmatchedLines,
      "Match the accounts' lines: POST /v1/statement-matches.",
    ),
    check(
      'exceptions_settled',
      figures.openExceptions,
      'Settle or dispute what is open: GET /v1/exceptions?status=open.',
    ),
    check(
      'voids_decided',
      figures.waitingVoids,
      'Approve or reject what was proposed: GET /v1/payment-voids?status=proposed.',
    ),
    check('books_tie', figures.differenceFen, 'See GET /v1/reports/ties for the pair that differs.'),
    check(
      'disputes_named',
      figures.disputedExceptions,
      'Disputed differences go on in the next month.',
      false,
    ),
    check(
      'statements_complete',
      figures.uncoveredDays,
      'Upload the statements of the days that have none.',
      false,
    ),
    check(
      'claims_submitted',
      figures.draftClaims,
      'Submit the drafts, or leave them for the next month.',
      false,
    ),
    check('shares_claimed', figures.unclaimedShares, "Draw up the funders' claims: POST /v1/claims.", false),
    check(
      'fapiao_true',
      figures.overstatedFapiao,
      'Take back what fapiao say too much since invoices were credited: GET /v1/fapiao/excesses.',
      false,
    ),
  ];
}

/** Refuses to close while something that blocks is not done. */
export function assertClosable(checks: readonly Check[]): void {
  const left = checks.filter(({ ok, blocking }) => blocking && !ok);
  if (left.length === 0) return;
  throw new DomainError(
    'conflict',
    'period_not_ready',
    `The month can't be closed: ${left.map(({ name }) => name).join(', ')}.`,
    {
      mend: left[0].mend,
      checks: left,
    },
  );
}
