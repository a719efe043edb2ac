import { FrontEnd, loadArea, makePlan, Progress, type Scene, setUp } from '@doorstep/demo';
import { testPlatform } from '@doorstep/testing';
import { DateTime } from 'luxon';
import { runPage } from './page';

const SCENE_NUMBER = 65;
const DAY = DateTime.now().setZone('Asia/Shanghai').plus({ days: 2 });

/** What the page's lines leave behind, as far as it is looked at here. */
interface Outcome {
  resident: Record<string, unknown>;
  site: { id: string };
  walkMinutes: number;
  quote: Record<string, number>;
  booking: Record<string, unknown>;
  again: Record<string, unknown>;
  moved: Record<string, unknown>;
  cancelled: Record<string, unknown>;
  paid: { amountFen: number };
  refunded: Record<string, unknown>;
  lunch: Record<string, unknown> & { price: { grossFen: number } };
  bought: { id: string };
  preview: { occurrences: { status: string }[] };
  hook: Record<string, unknown>;
  feed: { path: string };
}

const LEFT = [
  ...(['resident', 'site', 'walkMinutes', 'quote', 'booking', 'again', 'moved', 'cancelled'] as const),
  ...(['paid', 'refunded', 'bought', 'lunch', 'preview', 'hook', 'feed'] as const),
];

describe('the page for those who write a front-end', () => {
  const { gatewayUrl, adminLogin, adminPassword } = testPlatform();
  const gateway = FrontEnd.connect(gatewayUrl);
  let scene: Scene;
  let outcome: Outcome;

  beforeAll(async () => {
    const area = loadArea(['3101'], 1, 7);
    const today = DateTime.now().setZone('Asia/Shanghai').toFormat('yyyy-MM-dd');
    const plan = { ...makePlan(area, today, 7), residents: [] };
    const login = { login: adminLogin, password: adminPassword };
    scene = await setUp(gateway, login, area, plan, today, new Progress({ silent: true }), SCENE_NUMBER);
    const { lng, lat, code } = area.communities[0];
    const { key: apiKey } = await scene.owner.post<{ key: string }>('/v1/api-clients', {
      organisationId: scene.operatorId,
      name: '另一个小程序',
    });
    await scene.owner.post('/v1/package-offers', {
      ...{ contractId: scene.contractId, name: '午餐十次卡', kind: 'meals', validDays: 90 },
      ...{ uses: 10, amountFen: 16_000, from: today },
    });
    const given = {
      ...{ gateway: gatewayUrl, apiKey, lng, lat, community: code },
      ...{ from: DAY.toISODate(), to: DAY.plus({ days: 2 }).toISODate() },
    };
    outcome = await runPage<Outcome>('FRONT-ENDS.md', given, LEFT);
  }, 180_000);
  afterAll(() => gateway.close());

  it('finds the site and what it would cost', () => {
    expect(outcome.site.id).toBe(scene.sites[0].id);
    expect(outcome.walkMinutes).toBeLessThanOrEqual(15);
    const { grossFen, residentFen, fundersFen, operatorFen } = outcome.quote;
    expect(grossFen).toBeGreaterThan(0);
    expect(residentFen + fundersFen + operatorFen).toBe(grossFen);
  });

  it('books once, however often it is sent, moves, and cancels', () => {
    const { booking, again, moved, cancelled } = outcome;
    expect(booking.status).toBe('confirmed');
    expect(again).toEqual(booking);
    expect(moved).toMatchObject({ status: 'confirmed', residentId: booking.residentId });
    expect(moved.sessionId).not.toBe(booking.sessionId);
    expect(cancelled).toMatchObject({ id: moved.id, status: 'cancelled' });
  });

  it('records what was paid, and what went back', () => {
    const { paid, refunded, booking } = outcome;
    expect(paid.amountFen).toBe((booking.price as { residentFen: number }).residentFen);
    expect(refunded).toMatchObject({ refundedFen: paid.amountFen });
  });

  it('books with a use of a package that was bought, which costs its part', () => {
    const { lunch, bought } = outcome;
    expect(lunch).toMatchObject({ status: 'confirmed', packageId: bought.id });
    expect(lunch.price).toMatchObject({ grossFen: 1_600, residentFen: 1_600 });
  });

  it('previews a series, and gives out a webhook and a calendar', async () => {
    expect(outcome.preview.occurrences).toHaveLength(4);
    expect(outcome.hook).toMatchObject({ status: 'active', secret: expect.stringMatching(/^whsec_/) });
    const calendar = await fetch(new URL(outcome.feed.path, gatewayUrl));
    expect(await calendar.text()).toMatch(/^BEGIN:VCALENDAR/);
  });
});
