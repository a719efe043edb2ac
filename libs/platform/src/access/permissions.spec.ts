import { type Actor, ROLES, type Role, SYSTEM_ACTOR } from '../context/actor';
import { anActor } from '../http/edge.harness';
import { mayDo, type Permission, PERMISSIONS } from './permissions';

const client = (scopes?: string[]): Actor => anActor('front_end', { kind: 'client', scopes });

describe('the permission table', () => {
  it('is read row by row, column by column', () => {
    const row = PERMISSIONS.find(({ permission }) => permission === 'contracts:sign');
    expect(row).toEqual({
      permission: 'contracts:sign',
      roles: ['owner', 'authority'],
      system: false,
      description: 'sign for the own organisation',
    });
  });

  it('grants each permission to somebody and describes it', () => {
    for (const { permission, roles, system, description } of PERMISSIONS) {
      expect([permission, roles.length > 0 || system]).toEqual([permission, true]);
      expect([permission, description.length > 3]).toEqual([permission, true]);
    }
  });

  it('gives every role something to do', () => {
    for (const role of ROLES) expect(PERMISSIONS.some(({ roles }) => roles.includes(role))).toBe(true);
  });

  it('adds up the roles of an actor', () => {
    const both = anActor('caregiver', { roles: ['caregiver', 'finance'] as Role[] });
    expect([mayDo(both, 'visits:check'), mayDo(both, 'claims:create')]).toEqual([true, true]);
    expect(mayDo(anActor('caregiver'), 'claims:create')).toBe(false);
  });

  it('narrows an API client to its scopes', () => {
    expect(mayDo(client(), 'bookings:create')).toBe(true);
    expect(mayDo(client(['bookings:create']), 'bookings:create')).toBe(true);
    expect(mayDo(client(['bookings:*']), 'bookings:cancel')).toBe(true);
    expect(mayDo(client(['bookings:create']), 'bookings:cancel')).toBe(false);
    expect(mayDo(client([]), 'bookings:create')).toBe(false);
    expect(mayDo(client(['claims:*']), 'claims:create')).toBe(false);
  });

  it('lets the system do internal calls and nothing else, and nobody else do them', () => {
    for (const { permission, system } of PERMISSIONS) expect(mayDo(SYSTEM_ACTOR, permission)).toBe(system);
    for (const role of ROLES) expect(mayDo(anActor(role), 'internal:call')).toBe(false);
  });

  it('knows nothing of unknown permissions', () => {
    expect(mayDo(anActor('administrator'), 'nonsense:do' as Permission)).toBe(false);
  });
});
