import { BILLING_CLAIM, BOOKINGS_BOOKING, OPERATORS_STAFF } from '@doorstep/contracts';
import { mayBeForgotten } from './forgotten';
import { INBOX_KEPT_MS } from './hygiene';
import { Routes } from './routes';

const now = Date.parse('2026-11-02T00:00:00Z');
const old = now - INBOX_KEPT_MS;

describe('a fact that the inbox may have forgotten', () => {
  it.each([
    ['an old fact that is kept for ever', BOOKINGS_BOOKING.name, old, true],
    ['a recent one', BOOKINGS_BOOKING.name, now - 1000, false],
    ['one that was put aside in between', BOOKINGS_BOOKING.name, undefined, false],
    ['an old snapshot', OPERATORS_STAFF.name, old, false],
    ['a fact that the broker deletes before the inbox does', BILLING_CLAIM.name, old, false],
  ])('is %s', (_what, topic, appendedAt, expected) => {
    expect(mayBeForgotten({ topic, appendedAt }, now)).toBe(expected);
  });

  it('goes to handlers of read models alone', async () => {
    const called: string[] = [];
    const note = (name: string) => () => Promise.resolve(void called.push(name));
    const routes = new Routes();
    routes.add('t', 'effect', note('effect'));
    routes.add('t', 'model', note('model'), { readModel: true });
    const event = { type: 't' } as Parameters<Routes['call']>[0][0];
    await routes.call([event], true);
    await routes.call([event]);
    expect(called).toEqual(['model', 'effect', 'model']);
  });
});
