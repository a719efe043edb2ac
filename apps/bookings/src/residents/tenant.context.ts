import { DomainError } from '@doorstep/kernel';
import { currentActor } from '@doorstep/platform';

/** Whose data the actor enters. */
export function tenant(): string {
  const { operatorId } = currentActor();
  if (operatorId) return operatorId;
  throw new DomainError(
    'forbidden',
    'no_tenant',
    'Only people and front-ends of an operator enter data here.',
    {
      mend: "Act as a member of the operator's organisation.",
    },
  );
}
