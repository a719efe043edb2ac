import { DomainError } from '@doorstep/kernel';

/** Four eyes are those of two accounts (decision 65). */
export function fourEyes(reason: string, permission: string): DomainError {
  return new DomainError('forbidden', 'four_eyes', reason, { mend: `Ask a colleague with ${permission}.` });
}

export function assertAnother(proposedBy: string, approvedBy: string, permission: string): void {
  if (proposedBy === approvedBy)
    throw fourEyes('Somebody else has to approve what you proposed.', permission);
}
