import { checkClosure } from './closure';

const now = new Date('2026-11-02T00:00:00Z');
const check = (startsAt: string, endsAt: string) => () =>
  checkClosure({ startsAt: new Date(startsAt), endsAt: new Date(endsAt) }, now);
const refused = expect.objectContaining({ code: 'closure_invalid' });

describe('a closure of a space', () => {
  it('lies ahead, or has begun', () => {
    expect(check('2026-11-03T00:00:00Z', '2026-11-04T00:00:00Z')).not.toThrow();
    expect(check('2026-10-01T00:00:00Z', '2026-11-02T00:00:01Z')).not.toThrow();
  });

  it.each([
    ['ends before it begins', '2026-11-04T00:00:00Z', '2026-11-03T00:00:00Z'],
    ['has no length', '2026-11-04T00:00:00Z', '2026-11-04T00:00:00Z'],
    ['is over', '2026-10-01T00:00:00Z', '2026-11-02T00:00:00Z'],
    ['goes on for ever', '2026-11-04T00:00:00Z', '2028-11-04T00:00:00Z'],
  ])('is refused when it %s', (_what, startsAt, endsAt) => {
    expect(check(startsAt, endsAt)).toThrow(refused);
  });
});
