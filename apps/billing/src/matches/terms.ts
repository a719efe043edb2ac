import { DomainError, type Fen } from '@doorstep/kernel';

/** What somebody may decide alone, and from when on a pattern is applied by itself. */
export interface ReconciliationTerms {
  /** A line that names something may differ from it by so much. */
  toleranceFen: Fen;
  /** More than this is not written off at all. */
  writeOffMaxFen: Fen;
  /** From here on a second person has to approve. */
  fourEyesAboveFen: Fen;
  /** So often a pattern has to be confirmed by people. */
  confirmationsNeeded: number;
  /** After so many days without it, something expected is missing. */
  overdueDays: number;
}

/** Until an operator has set its own: no tolerance, small write-offs alone, nothing large. */
export const CAUTIOUS: ReconciliationTerms = {
  toleranceFen: 0,
  writeOffMaxFen: 100_000,
  fourEyesAboveFen: 1_000,
  confirmationsNeeded: 5,
  overdueDays: 10,
};

/** Whether one person may close a difference, or void a payment, of this size, or somebody else has to approve it. */
export function closedBy(sizeFen: Fen, terms: ReconciliationTerms): 'alone' | 'four_eyes' {
  return sizeFen > terms.fourEyesAboveFen ? 'four_eyes' : 'alone';
}

/** Beyond the largest limit nobody writes off, not even two. */
export function assertMayBeWrittenOff(sizeFen: Fen, { writeOffMaxFen }: ReconciliationTerms): void {
  if (sizeFen <= writeOffMaxFen) return;
  throw new DomainError(
    'conflict',
    'write_off_too_large',
    `At most ${writeOffMaxFen} fen may be written off.`,
    {
      mend: 'Dispute it, match it by hand or split it; the owner sets the limit.',
      writeOffMaxFen,
    },
  );
}
