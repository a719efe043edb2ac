import { applicationLife, applicationNow, assertStands, checkDates, startOf } from './application';

describe('an application', () => {
  it('gets one offer, and every answer ends it', () => {
    expect([...applicationLife.finals].sort()).toEqual([
      'accepted',
      'declined',
      'expired',
      'lapsed',
      'withdrawn',
    ]);
    expect(applicationLife.next('offered', 'withdraw')).toBe('declined');
    expect(() => applicationLife.next('expired', 'accept')).toThrow();
  });

  it('lapses after its due day, whether or not anybody has told of it', () => {
    const now = new Date('2026-11-06T01:00:00Z');
    const waiting = { status: 'waiting' as const, dueOn: '2026-11-05', acceptBy: null };
    expect([applicationNow(waiting, '2026-11-05', now), applicationNow(waiting, '2026-11-06', now)]).toEqual([
      'waiting',
      'lapsed',
    ]);
    const offered = { ...waiting, status: 'offered' as const };
    const until = (acceptBy: Date | null) => applicationNow({ ...offered, acceptBy }, '2026-11-06', now);
    expect([until(null), until(new Date(now.getTime() + 1)), until(now)]).toEqual([
      'offered',
      'offered',
      'expired',
    ]);
  });

  it('begins as wished, and never before the place is free', () => {
    expect([startOf('2026-12-01', '2026-11-02'), startOf('2026-11-02', '2026-12-01')]).toEqual([
      '2026-12-01',
      '2026-12-01',
    ]);
  });

  it('is for days to come, and an offer is answered before it ends', () => {
    expect(() => checkDates('2026-11-02', '2026-11-02', '2026-11-02')).not.toThrow();
    expect(() => checkDates('2026-11-01', '2026-11-02', '2026-11-02')).toThrow();
    expect(() => checkDates('2031-11-02', '2026-11-02', '2026-11-02')).toThrow();
    expect(() => checkDates('2026-11-02', '2026-11-01', '2026-11-02')).toThrow();
    const until = new Date('2026-11-05T01:00:00Z');
    expect(() => assertStands(until, new Date('2026-11-05T00:59:59Z'))).not.toThrow();
    expect(() => assertStands(until, until)).toThrow();
  });
});
