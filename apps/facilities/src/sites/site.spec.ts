import { SITE_STATUSES } from '@doorstep/contracts';
import { siteLife } from './site';

describe('the life of a site', () => {
  it('knows the statuses that the contracts publish', () => {
    expect(Object.keys(siteLife.table).sort()).toEqual([...SITE_STATUSES].sort());
  });

  it('goes from plan to operation', () => {
    const steps = ['approve', 'build', 'accept', 'hand_over', 'open'] as const;
    expect(
      steps.reduce<keyof typeof siteLife.table>((state, step) => siteLife.next(state, step), 'planned'),
    ).toBe('operating');
  });

  it('may skip the building work', () => {
    expect(siteLife.next('approved', 'accept')).toBe('accepted');
  });

  it('comes back from a suspension, and never from a closure', () => {
    expect(siteLife.next('suspended', 'resume')).toBe('operating');
    expect(siteLife.finals).toEqual(['closed']);
  });

  it('refuses what does not fit, and says what does', () => {
    expect(() => siteLife.next('planned', 'open')).toThrow(
      expect.objectContaining({
        code: 'site_planned',
        details: expect.objectContaining({ allowed: ['approve', 'close'] }),
      }),
    );
  });
});
