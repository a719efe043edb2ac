import { checkMaySetKind } from './service-kind';

const administrator = { roles: ['administrator' as const], regionPrefix: null };
const district = { roles: ['authority' as const], regionPrefix: '310101' };
const refused = expect.objectContaining({ kind: 'forbidden', code: 'kind_not_yours' });

describe('a kind of service', () => {
  it("of the country is an administrator's to set", () => {
    expect(() => checkMaySetKind(administrator, null)).not.toThrow();
    expect(() => checkMaySetKind(district, null)).toThrow(refused);
  });

  it('of a region is set by that region or one above it', () => {
    expect(() => checkMaySetKind(district, '310101')).not.toThrow();
    expect(() => checkMaySetKind(district, '310101013')).not.toThrow();
    expect(() => checkMaySetKind(district, '3101')).toThrow(refused);
    expect(() => checkMaySetKind(district, '310104')).toThrow(refused);
  });
});
