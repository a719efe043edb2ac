import { DomainError, transitions, type Day, type Fen } from '@doorstep/kernel';
import type { Correctable } from './void';

export const VOID_STATUSES = ['proposed', 'approved', 'rejected', 'withdrawn'] as const;
export type VoidStatus = (typeof VOID_STATUSES)[number];

export const voidLife = transitions<VoidStatus, 'approve' | 'reject' | 'withdraw'>('void', ['proposed'], {
  proposed: { approve: 'approved', reject: 'rejected', withdraw: 'withdrawn' },
  approved: {},
  rejected: {},
  withdrawn: {},
});

/** What somebody wants to be taken back, and what is recorded instead. */
export interface WantedVoid {
  paymentId: string;
  /** Null: the payment itself. */
  refundId: string | null;
  /** Null: nothing is recorded instead. */
  correction: Partial<Correctable> | null;
  reason: string;
}

/** It waits for a second person. */
export interface ProposedVoid extends WantedVoid {
  id: string;
  amountFen: Fen;
  /** On which it is booked back. */
  booksOn: Day;
  status: VoidStatus;
  proposedBy: string;
}

/** What is proposed is not replaced, nor done by one alone since the limit was raised. */
export function voidProposed(id: string): DomainError {
  return new DomainError('conflict', 'void_proposed', 'Somebody has proposed to void it already.', {
    mend: `Let a colleague decide it, or withdraw it first: GET /v1/payment-voids/${id}.`,
    paymentVoidId: id,
  });
}

export function assertProposer({ proposedBy }: ProposedVoid, by: string): void {
  if (proposedBy === by) return;
  throw new DomainError('forbidden', 'not_your_proposal', 'Somebody else proposed it.', {
    mend: 'Reject it: POST /v1/payment-voids/{id}/reject.',
  });
}

/** Whoever approves has seen on which day it is booked. */
export function assertBooksOn({ booksOn }: ProposedVoid, day: Day): void {
  if (booksOn === day) return;
  throw new DomainError(
    'conflict',
    'books_moved',
    `It was to be booked back on ${booksOn}; a month was closed or opened since, and it would be on ${day}.`,
    { mend: 'Reject or withdraw it, and propose it again.', booksOn: day },
  );
}
