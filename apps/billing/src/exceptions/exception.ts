import { DomainError, transitions, type Fen } from '@doorstep/kernel';

export const EXCEPTION_TYPES = [
  'missing_in_bill',
  'unknown_in_bill',
  'amount_mismatch',
  'duplicate_in_bill',
  'refund_mismatch',
  'unknown_refund',
  'fee_mismatch',
  'unknown_in_statement',
  'missing_in_statement',
  'amount_difference',
] as const;
export type ExceptionType = (typeof EXCEPTION_TYPES)[number];

export const EXCEPTION_STATUSES = ['open', 'disputed', 'proposed', 'resolved', 'split'] as const;
export type ExceptionStatus = (typeof EXCEPTION_STATUSES)[number];

/** How somebody settled a difference. Written off is booked; the others say that it was looked at, and what was found. */
export const RESOLUTIONS = ['explained', 'corrected', 'channel_corrects', 'matched', 'written_off'] as const;
export type Resolution = (typeof RESOLUTIONS)[number];
/** What somebody may say of a single difference: that it is matched, only the match of two says. */
export const RESOLUTIONS_OF_ONE = RESOLUTIONS.filter((resolution) => resolution !== 'matched');

/** How somebody means to close a difference; above the limit it waits for a second person. */
export interface Closing {
  resolution: Resolution;
  comment: string;
  /** With written_off: the contract under which it is booked. */
  contractId: string | null;
}
export type Proposal = Closing & { by: string };

export type ExceptionCommand = 'resolve' | 'reopen' | 'dispute' | 'propose' | 'reject' | 'split';

/** The life of an exception: nothing vanishes, and what was resolved too early is opened again. */
export const exceptionLife = transitions<ExceptionStatus, ExceptionCommand>('exception', ['open'], {
  open: { resolve: 'resolved', dispute: 'disputed', propose: 'proposed', split: 'split' },
  disputed: { resolve: 'resolved', reopen: 'open', propose: 'proposed' },
  proposed: { resolve: 'resolved', reject: 'open' },
  resolved: { reopen: 'open' },
  split: {},
});

export const PROPOSED_ACTIONS = [
  'ask_channel',
  'match_by_hand',
  'correct_payment',
  'refund',
  'remind',
  'write_off',
] as const;
export type ProposedAction = (typeof PROPOSED_ACTIONS)[number];

/** What is usually done about it first. */
export function proposedAction(type: ExceptionType): ProposedAction {
  switch (type) {
    case 'missing_in_bill':
    case 'fee_mismatch':
      return 'ask_channel';
    case 'unknown_in_bill':
    case 'unknown_refund':
    case 'unknown_in_statement':
      return 'match_by_hand';
    case 'amount_mismatch':
    case 'refund_mismatch':
      return 'correct_payment';
    case 'duplicate_in_bill':
      return 'refund';
    case 'missing_in_statement':
      return 'remind';
    case 'amount_difference':
      return 'write_off';
  }
}

/** Four eyes see the same: whoever approves says what, and nothing else was proposed meanwhile. */
export function assertProposed(proposal: Proposal, approved: Resolution): void {
  if (proposal.resolution === approved) return;
  throw new DomainError(
    'conflict',
    'other_proposal',
    `What is proposed is ${proposal.resolution}, not ${approved}.`,
    {
      field: 'resolution',
      mend: `Read it again; to approve what is proposed, send resolution ${proposal.resolution}.`,
      resolution: proposal.resolution,
    },
  );
}

/** Parts of what is missing, each to be followed up by itself; together they are the whole, to the fen. */
export function checkSplit(type: ExceptionType, differenceFen: Fen, parts: readonly Fen[]): void {
  if (type !== 'missing_in_bill' && type !== 'missing_in_statement')
    throw new DomainError('conflict', 'split_not_possible', 'Only what is missing can be split.', {
      mend: 'Match the line with several things, or correct the payment.',
    });
  const sum = parts.reduce((total, part) => total + part, 0);
  if (
    sum === differenceFen &&
    parts.every((part) => part !== 0 && Math.sign(part) === Math.sign(differenceFen))
  )
    return;
  throw new DomainError(
    'invalid',
    'parts_do_not_add_up',
    `The parts make ${sum} fen, the difference is ${differenceFen} fen.`,
    {
      field: 'parts',
      mend: 'Let all parts have the sign of the difference and make it together.',
    },
  );
}
