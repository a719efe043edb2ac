import { DomainError } from '@doorstep/kernel';
import { currentActor, type Actor } from '@doorstep/platform';

/** The tenant that the current actor writes for; administrators and authorities have none. */
export function currentOperatorId(): string {
  const { operatorId } = currentActor();
  if (operatorId !== null) return operatorId;
  throw new DomainError('forbidden', 'no_operator', 'Only somebody who acts for an operator can do this.', {
    mend: 'Sign in with an account of the operator, or use its API key.',
  });
}

/** For queries: the sites that an actor is bound to, null when it sees every site that its tenant does. */
export function siteScopeOf({ siteIds }: Actor): string[] | null {
  return siteIds ?? null;
}
