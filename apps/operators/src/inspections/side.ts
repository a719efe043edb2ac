import { DomainError } from '@doorstep/kernel';

/** On whose behalf somebody inspects. */
export type Side = 'authority' | 'operator';

/** Who inspects, as far as the decision needs to know. */
export interface Inspector {
  id: string;
  organisationId: string | null;
  operatorId: string | null;
}

/** Who belongs to no operator inspects for an authority. */
export function sideOf({ operatorId }: Pick<Inspector, 'operatorId'>): Side {
  return operatorId === null ? 'authority' : 'operator';
}

/** An operator does not speak for the authority, nor the authority for an operator's own inspectors. */
export function assertSameSide(side: Side, actor: Pick<Inspector, 'operatorId'>): void {
  if (sideOf(actor) === side) return;
  throw new DomainError(
    'forbidden',
    'inspection_not_yours',
    `This is a matter of the ${side}'s inspectors.`,
    {
      mend: `Ask the ${side} that inspected.`,
    },
  );
}
