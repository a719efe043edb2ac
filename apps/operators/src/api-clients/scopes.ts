import { DomainError } from '@doorstep/kernel';

/**
 * Checks the scopes of a key against what a front-end may do at all: `bookings:create` or a whole noun, `bookings:*`.
 * Unset: everything that a front-end may do, now and later.
 */
export function checkScopes(scopes: string[] | undefined, permissions: readonly string[]): string[] | null {
  if (!scopes) return null;
  const nouns = new Set(permissions.map((permission) => permission.split(':')[0]));
  const known = (scope: string): boolean =>
    permissions.includes(scope) || (scope.endsWith(':*') && nouns.has(scope.slice(0, -2)));
  const errors = scopes.flatMap((scope, index) =>
    known(scope)
      ? []
      : [
          {
            field: `scopes[${index}]`,
            reason: `${scope} is nothing that a front-end may do.`,
            mend: `Choose from: ${[...nouns].map((noun) => `${noun}:*`).join(', ')}.`,
          },
        ],
  );
  if (errors.length === 0) return [...new Set(scopes)];
  throw new DomainError('invalid', 'scope_unknown', `${errors.length} of the scopes can't be given.`, {
    mend: 'Correct the scopes, or leave them out for all that a front-end may do.',
    errors,
  });
}
