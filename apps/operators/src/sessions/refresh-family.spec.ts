import { decideRefresh, newRefreshToken, type RefreshFamily, type RefreshToken } from './refresh-family';

const START = new Date('2026-11-01T08:00:00Z');
const day = (n: number) => new Date(START.getTime() + n * 86_400_000);
const family: RefreshFamily = { id: 'f', personId: 'p', startedAt: START, revokedAt: null };
const fresh: RefreshToken = { familyId: 'f', issuedAt: START, usedAt: null };

describe('presenting a refresh token', () => {
  it('that is fresh rotates it', () => {
    expect(decideRefresh(fresh, family, day(6.9))).toBe('rotate');
  });

  it('that lay idle for a week is refused', () => {
    expect(decideRefresh(fresh, family, day(7))).toBe('refuse');
  });

  it('of a log-in thirty days old is refused, however young the token', () => {
    const young = { ...fresh, issuedAt: day(29) };
    expect(decideRefresh(young, family, day(29.9))).toBe('rotate');
    expect(decideRefresh(young, family, day(30))).toBe('refuse');
  });

  it('that was used before revokes the whole family', () => {
    expect(decideRefresh({ ...fresh, usedAt: day(1) }, family, day(1))).toBe('revoke');
  });

  it('of a revoked family is refused, used or not', () => {
    const revoked = { ...family, revokedAt: day(1) };
    expect(decideRefresh(fresh, revoked, day(2))).toBe('refuse');
    expect(decideRefresh({ ...fresh, usedAt: day(1) }, revoked, day(2))).toBe('refuse');
  });
});

it('makes tokens of 256 bits and keeps only their hash', () => {
  const { token, hash } = newRefreshToken();
  expect(token).toMatch(/^dsr_[A-Za-z0-9_-]{43}$/);
  expect(hash).toMatch(/^[0-9a-f]{64}$/);
  expect(newRefreshToken().token).not.toBe(token);
});
