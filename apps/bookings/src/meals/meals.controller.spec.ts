import { OccurrenceSkipped, type OfferingSnapshot } from '@doorstep/contracts';
import { newId } from '@doorstep/kernel';
import { PeriodicRunner } from '@doorstep/platform';
import { aFrontEnd, aSiteManager } from '@doorstep/testing';
import type { BookingDto } from '../bookings/bookings.dto';
import { daily } from '../testing/neighbours.fixture';
import { startWorld, TOMORROW, type World } from '../testing/world.fixture';
import type { RoundsDto, SheetDto } from './sheets.dto';
import type { StandingDto } from './standing.dto';

describe('meals', () => {
  let world: World;
  let manager: World['owner'];
  let lunch: OfferingSnapshot;
  let delivery: OfferingSnapshot;
  let kitchenId: string;
  let dishes: Record<string, string>;

  beforeAll(async () => {
    world = await startWorld({ PERIODIC: 'false', SESSION_HORIZON_DAYS: '8' });
  });
  afterAll(async () => {
    await world.assertConsistent();
    await world.service.stop();
  });
  beforeEach(async () => {
    world.clock.set('2026-11-02T01:00:00Z');
    lunch = await world.open();
    const { siteId } = lunch;
    delivery = world.offering({
      siteId,
      code: 'HOME',
      mode: 'order',
      delivery: 'home',
      schedule: daily('11:00', '12:00'),
    });
    await world.service.deliver(delivery);
    await world.sessions(delivery.offeringId);
    manager = world.service.as(aSiteManager(world.operatorId, [siteId]));
    const offeringIds = [lunch.offeringId, delivery.offeringId];
    const kitchen = { siteId, name: { zh: '厨房' }, portionsPerDay: 20, offeringIds };
    kitchenId = ((await manager.post('/v1/kitchens').send(kitchen).expect(201)).body as { id: string }).id;
    dishes = {};
    for (const [name, food] of [
      ['pork', { allergens: ['soy'] }],
      ['tofu', { allergens: ['soy'], diets: ['vegetarian'], texture: 'soft' }],
      ['congee', { diets: ['vegetarian'], texture: 'pureed' }],
    ] as const) {
      const { body } = await manager
        .post('/v1/dishes')
        .send({ name: { zh: name }, ...food })
        .expect(201);
      dishes[name] = (body as { id: string }).id;
    }
    await menu('pork', 'tofu', 'congee').expect(200);
  });

  const menu = (...names: string[]) =>
    manager
      .put(`/v1/menus/${lunch.siteId}/${TOMORROW}`)
      .send({ dishIds: names.map((name) => dishes[name] ?? name) });
  const eater = async (diet: object = {}, more: object = {}): Promise<string> => {
    const resident = await world.resident({ mobile: '13800138000', address: '上海市黄浦区某路1号', ...more });
    await world.frontEnd.put(`/v1/residents/${resident}/diet`).send(diet).expect(200);
    return resident;
  };
  const order = async (resident: string, partySize = 1, offering = lunch): Promise<BookingDto> => {
    const { sessionId } = await world.session(offering.offeringId);
    return (await world.book(offering, sessionId, resident, { partySize }).expect(202)).body as BookingDto;
  };
  const choose = ({ id }: BookingDto, names: string[], more: object = {}) =>
    world.frontEnd
      .put(`/v1/bookings/${id}/meal`)
      .send({ dishes: names.map((name) => ({ dishId: dishes[name] ?? name, portions: 1 })), ...more });

  it('are chosen from the menu until orders end, and not with what somebody does not bear', async () => {
    const booking = await order(await eater({ allergens: ['soy'] }), 2);
    const refused = async (code: string, names: string[], more = {}) =>
      expect((await choose(booking, names, more)).body).toMatchObject({ code });
    await refused('allergen', ['tofu']);
    await refused('dish_not_on_menu', [newId()]);
    await refused('too_many_portions', ['pork', 'tofu', 'congee'], { allergensConfirmed: true });
    await refused('not_delivered', ['congee'], { address: '某路2号' });
    await choose(booking, ['congee']).expect(200);
    await choose(booking, ['tofu', 'congee'], { allergensConfirmed: true }).expect(200);
    const seen = await world.frontEnd.get(`/v1/bookings/${booking.id}/meal`).expect(200);
    expect((seen.body as { dishes: unknown[] }).dishes).toHaveLength(2);
    expect((await menu('pork', 'congee').expect(409)).body).toMatchObject({ code: 'dish_chosen' });
    world.clock.set('2026-11-03T02:00:01Z');
    await refused('cutoff_passed', ['congee']);
    world.clock.set('2026-11-02T01:00:00Z');
    await world.frontEnd.post(`/v1/bookings/${booking.id}/cancel`).send({ reason: 'ill' }).expect(200);
    await refused('booking_cancelled', ['congee']);
    await menu('pork', 'congee').expect(200);
  });

  it('keep diets sealed, and show them to who may alone, logged', async () => {
    const resident = await eater({ allergens: ['peanut'], texture: 'soft' });
    await world.frontEnd.get(`/v1/residents/${resident}/diet`).expect(403);
    const { body } = await manager.get(`/v1/residents/${resident}/diet`).expect(200);
    expect(body).toEqual({ allergens: ['peanut'], diets: [], texture: 'soft' });
    const log = await world.owner.get(`/v1/residents/${resident}/accesses`).expect(200);
    expect((log.body as { items: unknown[] }).items).toHaveLength(1);
    const { rows } = await world.service.db.query(
      `SELECT FROM resident_diet WHERE position('peanut'::bytea in sealed) > 0`,
    );
    expect(rows).toEqual([]);
    await world.frontEnd.put(`/v1/residents/${newId()}/diet`).send({}).expect(404);
    await world.frontEnd.put(`/v1/residents/${resident}/diet`).send({ texture: 'crunchy' }).expect(400);
  });

  it('leave nothing of who is erased: no diet, no address, no standing order', async () => {
    const resident = await eater({ allergens: ['peanut'] });
    const near = { lng: 121.49, lat: 31.23, crs: 'WGS84' };
    await world.frontEnd.put(`/v1/residents/${resident}/home`).send(near).expect(200);
    const exported = (await world.owner.get(`/v1/residents/${resident}/export`).expect(200)).body as object;
    expect(exported).toMatchObject({ home: { lng: 121.49 }, diet: { allergens: ['peanut'] }, evidence: [] });
    const daily = { offeringId: lunch.offeringId, residentId: resident, weekdays: [3], time: '11:00' };
    const order = await world.frontEnd.post('/v1/standing-orders').send({ ...daily, from: '2026-12-01' });
    await world.owner.post(`/v1/residents/${resident}/erase`).expect(200);
    const { id } = order.body as StandingDto;
    expect((await world.frontEnd.get(`/v1/standing-orders/${id}`)).body).toMatchObject({ status: 'ended' });
    const { rows } = await world.service.db.query(
      `SELECT r.home_sealed, r.home_lng, d.sealed FROM resident r LEFT JOIN resident_diet d ON d.resident_id = r.id
       WHERE r.id = $1`,
      [resident],
    );
    expect(rows).toEqual([{ home_sealed: null, home_lng: null, sealed: null }]);
  });

  it('are on the kitchen sheet, each portion once, by sitting, dish, texture and diet', async () => {
    await choose(await order(await eater(), 2), ['tofu']).expect(200);
    await order(await eater({ diets: ['vegetarian'] }));
    await order(await eater({ allergens: ['soy'], texture: 'liquid' }), 1, delivery);
    const { body } = await manager.get(`/v1/kitchens/${kitchenId}/sheet?day=${TOMORROW}`).expect(200);
    const { portions, lines } = body as SheetDto;
    const shown = lines.map((line) => [
      line.service,
      line.nameZh ?? '?',
      line.texture,
      line.diets.join(),
      line.avoid.join(),
      line.portions,
      line.unchosen,
    ]);
    expect(portions).toBe(4);
    expect(shown).toHaveLength(4);
    expect(shown).toEqual(
      expect.arrayContaining([
        ['sitting', 'pork', 'regular', '', '', 1, 1],
        ['sitting', 'tofu', 'regular', '', '', 1, 0],
        ['sitting', 'tofu', 'regular', 'vegetarian', '', 1, 1],
        ['delivery', '?', 'liquid', '', 'soy', 1, 1],
      ]),
    );
    const csv = await manager
      .get(`/v1/kitchens/${kitchenId}/sheet/file?day=${TOMORROW}&format=csv`)
      .expect(200);
    expect(csv.text.trim().split('\r\n')).toHaveLength(5);
    expect(csv.text).toMatch(/\r\n\d\d:\d\d,送餐,,流食,,大豆,1,1/);
    const xlsx = await manager
      .get(`/v1/kitchens/${kitchenId}/sheet/file?day=${TOMORROW}&format=xlsx`)
      .buffer(true)
      .expect(200);
    expect(xlsx.headers['content-type']).toMatch(/spreadsheetml/);
    const stranger = world.service.as(aSiteManager(world.operatorId, [newId()]));
    await stranger.get(`/v1/kitchens/${kitchenId}/sheet?day=${TOMORROW}`).expect(404);
  });

  it('are brought in rounds, to the address of the order or the registered one, and the views are logged', async () => {
    const near = { lng: 121.49, lat: 31.23, crs: 'WGS84' };
    const [first, second] = [await eater({}, { mobile: '13900139000' }), await eater()];
    await world.frontEnd.put(`/v1/residents/${second}/home`).send(near).expect(200);
    const booking = await order(first, 2, delivery);
    expect(booking.visitCode).toBeUndefined();
    await choose(booking, [], { address: '上海市黄浦区某路9号' }).expect(200);
    await order(second, 1, delivery);
    await order(await eater());
    const path = `/v1/delivery-rounds?siteId=${lunch.siteId}&day=${TOMORROW}&stopsMax=5`;
    const { rounds } = (await manager.get(path).expect(200)).body as RoundsDto;
    expect(rounds).toMatchObject([
      {
        number: 1,
        stops: [
          { residentId: second, portions: 1, address: '上海市黄浦区某路1号', mobile: '13800138000' },
          { residentId: first, portions: 2, address: '上海市黄浦区某路9号', mobile: '13900139000' },
        ],
      },
    ]);
    const file = await manager.get(path.replace('?', '/file?') + '&format=csv').expect(200);
    expect(file.text).toContain('某路9号');
    const english = await manager.get(path.replace('?', '/file?') + '&format=csv&language=en').expect(200);
    expect(english.text).toMatch(/^\uFEFF?Round,Start,Stop,Name,Mobile,Address,Portions,Booking/);
    const log = await world.owner.get(`/v1/residents/${first}/accesses`).expect(200);
    expect((log.body as { items: unknown[] }).items).toHaveLength(3);
    await world.frontEnd.get(path).expect(403);
    const { rows } = await world.service.db.query(
      `SELECT FROM meal_delivery WHERE position(convert_to('某路', 'UTF8') in address_sealed) > 0`,
    );
    expect(rows).toEqual([]);
  });

  describe('on standing order', () => {
    const rounds = () => world.service.running.app.get(PeriodicRunner);
    const run = () => rounds().runNow('standing-orders');
    const place = (residentId: string, more: object = {}) =>
      world.frontEnd.post('/v1/standing-orders').send({
        offeringId: lunch.offeringId,
        residentId,
        weekdays: [5, 2, 3],
        time: '11:00',
        from: TOMORROW,
        ...more,
      });
    const days = async (id: string): Promise<string[]> => {
      const { body } = await world.frontEnd.get(`/v1/standing-orders/${id}`).expect(200);
      return (body as StandingDto).days.map(
        ({ day, status, reasons, bookingStatus }) =>
          `${day.slice(8)} ${status} ${reasons?.join() ?? bookingStatus}`,
      );
    };

    it('are booked as days come up, once each; each day that is skipped says why', async () => {
      await manager.put(`/v1/kitchens/${kitchenId}/days/2026-11-04`).send({ portions: 0 }).expect(200);
      const soon = jest.spyOn(rounds(), 'soon');
      const { id } = (await place(await eater()).expect(201)).body as StandingDto;
      expect(soon.mock.calls).toEqual([['standing-orders']]);
      await Promise.all([run(), run()]);
      expect(await days(id)).toEqual(['03 booked held', '04 skipped kitchen_full', '06 booked held']);
      await run();
      world.clock.advance({ days: 2 });
      await rounds().runNow('extend-sessions');
      await run();
      expect((await days(id)).slice(3)).toEqual(['10 booked held', '11 booked held']);
      // What all is said of is not gone through again, day by day and every few seconds.
      const said = `SELECT o.said_until = f.sessions_until AS said
        FROM standing_order o JOIN offering f ON f.id = o.offering_id WHERE o.id = $1`;
      const { rows } = await world.service.db.query(said, [id]);
      expect(rows).toEqual([{ said: true }]);
      const skipped = (await world.service.told(OccurrenceSkipped)).filter(({ seriesId }) => seriesId === id);
      expect(skipped).toEqual([expect.objectContaining({ reasons: ['kitchen_full'] })]);
    });

    it('pause and go on: what was booked in the pause is cancelled, and booked again when it is lifted', async () => {
      const { id } = (await place(await eater()).expect(201)).body as StandingDto;
      await run();
      const path = `/v1/standing-orders/${id}/pause`;
      await world.frontEnd.put(path).send({ from: '2026-11-04', to: '2026-11-04' }).expect(422);
      await world.frontEnd.put(path).send({ from: '2026-11-04', to: '2026-11-10' }).expect(200);
      await run();
      expect(await days(id)).toEqual(['03 booked held', '04 skipped paused', '06 skipped paused']);
      await world.frontEnd.delete(path).expect(200);
      await run();
      expect(await days(id)).toEqual(['03 booked held', '04 booked held', '06 booked held']);
      const ended = await world.frontEnd.post(`/v1/standing-orders/${id}/end`).send({ from: '2026-11-04' });
      expect(ended.body).toMatchObject({ to: '2026-11-04', status: 'active' });
      expect((await days(id)).join()).toBe('03 booked held,04 booked cancelled,06 booked cancelled');
      await world.frontEnd.post(`/v1/standing-orders/${id}/end`).send({}).expect(200);
      expect((await world.frontEnd.put(path).send({ from: TOMORROW, to: '2026-11-05' })).body).toMatchObject({
        code: 'standing_order_ended',
      });
    });

    it('are the front-end’s that placed them while anything of them is held, and of who has their token', async () => {
      const order = (await place(await eater()).expect(201)).body as Required<StandingDto>;
      await run();
      const stranger = world.service.as(aFrontEnd(world.operatorId));
      const end = (token?: string) => {
        const asked = stranger.post(`/v1/standing-orders/${order.id}/end`).send({ from: '2026-11-06' });
        return token === undefined ? asked : asked.set('hold-token', token);
      };
      expect((await end().expect(403)).body).toMatchObject({ code: 'hold_of_other_client' });
      expect((await end('x').expect(403)).body).toMatchObject({ code: 'hold_token_wrong' });
      const pause = { from: '2026-11-04', to: '2026-11-10' };
      await stranger.put(`/v1/standing-orders/${order.id}/pause`).send(pause).expect(403);
      const { body: shown } = await stranger.get(`/v1/standing-orders/${order.id}`).expect(200);
      expect(Object.keys(shown as object)).not.toEqual(expect.arrayContaining(['holdToken', 'ownerId']));
      const booked = (shown as StandingDto).days[0]?.bookingId;
      await stranger.post(`/v1/bookings/${booked}/cancel`).send({ reason: 'changed_plans' }).expect(403);
      await end(order.holdToken).expect(200);
      expect((await days(order.id)).join()).toBe('03 booked held,04 booked held,06 booked cancelled');
    });

    it('are one for each sitting, for meals alone, and not for the past', async () => {
      const resident = await eater();
      await place(resident).expect(201);
      expect((await place(resident).expect(409)).body).toMatchObject({ code: 'standing_order_exists' });
      await place(resident, { time: '17:00' }).expect(201);
      await run();
      const code = async (more: object) => ((await place(resident, more)).body as { code: string }).code;
      expect(await code({ from: '2026-11-01' })).toBe('day_past');
      expect(await code({ to: TOMORROW })).toBe('period_empty');
      expect(await code({ weekdays: [] })).toBe('validation_failed');
      expect(await code({ residentId: newId() })).toBe('resident_not_found');
      const court = await world.open({ kind: 'sports' });
      expect(await code({ offeringId: court.offeringId })).toBe('not_a_meal');
    });
  });
});
