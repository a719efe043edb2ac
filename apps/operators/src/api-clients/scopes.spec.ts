import { checkScopes } from './scopes';

const permissions = ['bookings:create', 'bookings:read', 'nearby:read'];

describe('scopes of an API key', () => {
  it('may be absent, single permissions or whole nouns, each once', () => {
    expect(checkScopes(undefined, permissions)).toBeNull();
    expect(checkScopes(['bookings:create', 'nearby:*', 'nearby:*'], permissions)).toEqual([
      'bookings:create',
      'nearby:*',
    ]);
  });

  it.each(['people:create', 'people:*', '*', '*:*', 'bookings', 'bookings:cancel'])(
    'are never %j',
    (scope) => {
      expect(() => checkScopes(['bookings:read', scope], permissions)).toThrow(
        "1 of the scopes can't be given",
      );
    },
  );
});
