import type { Actor } from '../context';
import { SYSTEM_ACTOR } from '../context';
import { scopeOf, scopeSql } from './tenancy';

const owner: Actor = {
  id: '018f0000-0000-7000-8000-000000000001',
  kind: 'person',
  organisationId: '018f0000-0000-7000-8000-0000000000aa',
  operatorId: '018f0000-0000-7000-8000-0000000000aa',
  regionPrefix: null,
  roles: ['owner'],
};

describe('scope', () => {
  it('the system and administrators see every tenant', () => {
    expect(scopeOf(SYSTEM_ACTOR).operatorId).toBe('*');
    expect(scopeOf({ ...owner, operatorId: null, roles: ['administrator'] }).operatorId).toBe('*');
  });

  it('an owner sees the own tenant, an authority its region and no tenant', () => {
    expect(scopeOf(owner)).toEqual({
      operatorId: owner.operatorId,
      organisationId: owner.organisationId,
      regionPrefix: '',
    });
    expect(scopeOf({ ...owner, operatorId: null, regionPrefix: '3101', roles: ['authority'] })).toMatchObject(
      {
        operatorId: '',
        regionPrefix: '3101',
      },
    );
  });

  it.each([
    ['operatorId', "x' OR '1"],
    ['organisationId', "'; DROP TABLE outbox; --"],
    ['regionPrefix', '31%'],
    ['operatorId', '**'],
  ] as const)('refuses an impossible %s: %s', (name, value) => {
    expect(() => scopeSql({ operatorId: '', organisationId: '', regionPrefix: '', [name]: value })).toThrow(
      `the actor's ${name} has an impossible form`,
    );
  });
});
