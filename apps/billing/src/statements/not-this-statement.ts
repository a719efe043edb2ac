import type { DomainError } from '@doorstep/kernel';
import { notThisLayout } from '../settlement-files/bill';

/** A file that isn't a statement as the account's are read. */
export const notThisStatement = (reason: string): DomainError =>
  notThisLayout(
    reason,
    'Send the statement unchanged; GET /v1/statement-accounts says by which layout those of the account are read.',
  );
