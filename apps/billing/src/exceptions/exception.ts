import { transitions } from '@doorstep/kernel';

export const EXCEPTION_TYPES = [
  'missing_in_bill',
  'unknown_in_bill',
  'amount_mismatch',
  'duplicate_in_bill',
  'refund_mismatch',
  'unknown_refund',
  'fee_mismatch',
] as const;
export type ExceptionType = (typeof EXCEPTION_TYPES)[number];

export const EXCEPTION_STATUSES = ['open', 'resolved'] as const;
export type ExceptionStatus = (typeof EXCEPTION_STATUSES)[number];

/** How somebody settled a difference. What was done about the money is booked elsewhere; this says that it was looked at. */
export const RESOLUTIONS = ['explained', 'corrected', 'channel_corrects', 'written_off'] as const;
export type Resolution = (typeof RESOLUTIONS)[number];

/** The life of an exception: nothing vanishes, and what was resolved too early is opened again. */
export const exceptionLife = transitions<ExceptionStatus, 'resolve' | 'reopen'>('exception', ['open'], {
  open: { resolve: 'resolved' },
  resolved: { reopen: 'open' },
});
