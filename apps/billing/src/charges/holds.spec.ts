import { ChargeAuthorised, ChargeDeclined, type ContractSnapshot } from '@doorstep/contracts';
import { newId } from '@doorstep/kernel';
import {
  type Billing,
  aResident,
  asChildcare,
  budgetOf,
  cancelled,
  contractNews,
  DAY,
  held,
  REGION,
  setPrice,
  setProgramme,
  startBilling,
} from '../billing.harness';

let billing: Billing;
beforeAll(async () => {
  billing = await startBilling();
  await setPrice(billing);
  await setPrice(billing, { kind: 'childcare', unit: 'hour', amountFen: 2533 });
});
afterAll(() => billing?.stop());

const chargeOf = async (bookingId: string) => {
  const { rows } = await billing.db.query('SELECT * FROM charge WHERE booking_id = $1', [bookingId]);
  return rows[0];
};
const authorisedFor = async (bookingId: string) =>
  (await billing.told(ChargeAuthorised)).filter((told) => told.bookingId === bookingId);
const declinedFor = async (bookingId: string) =>
  (await billing.told(ChargeDeclined)).filter((told) => told.bookingId === bookingId);

/** The scene's site stands under this contract, too. */
const standUnder = ({ contractId, siteId }: { contractId: string; siteId: string }) =>
  billing.db.query(
    `INSERT INTO known_placement SELECT $1, operator_id, $2, site_id, from_day, to_day, kinds, in_force, version FROM known_placement WHERE site_id = $3 LIMIT 1`,
    [newId(), contractId, siteId],
  );

describe('a held booking', () => {
  it('is priced, split and told, with the trace of every programme kept', async () => {
    const programme = await setProgramme(billing, {
      eligibility: { ageYearsMin: 60, ageYearsMax: 79 },
      caps: { perDayUses: 1 },
    });
    const tooOld = await setProgramme(billing, { eligibility: { ageYearsMin: 80 }, order: 20 });
    const resident = aResident(billing.scene);
    const booking = held(billing.scene, resident.residentId);
    await billing.deliver(resident);
    await billing.deliver(booking);

    const [told] = await authorisedFor(booking.bookingId);
    const { funderId, operatorId, contractId, siteId } = billing.scene;
    expect(told).toMatchObject({
      ...{ operatorId, contractId, siteId, residentId: resident.residentId, kind: 'meals', serviceDay: DAY },
      ...{ grossFen: 1800, residentFen: 1600, fundersFen: 200, operatorFen: 0, version: 1 },
      funders: [{ programmeId: programme.id, funderId, amountFen: 200 }],
    });
    const charge = await chargeOf(booking.bookingId);
    expect(charge).toMatchObject({ status: 'authorised', unit: 'use', quantity: 1, planned_minutes: 90 });
    expect(
      charge.trace.map((line: { programmeCode: string; code: string }) => [line.programmeCode, line.code]),
    ).toEqual([
      [programme.code, 'given'],
      [tooOld.code, 'age_out_of_range'],
    ]);
    expect(await budgetOf(billing, programme.id)).toMatchObject({ reservedFen: 200, spentFen: 0 });

    const second = held(billing.scene, resident.residentId);
    await billing.deliver(second);
    expect((await chargeOf(second.bookingId)).trace[0]).toMatchObject({ gaveFen: 0, code: 'cap_used_up' });
    // One a day goes by what was given: the first was cancelled, so the third is subsidised, whatever its number.
    const third = held(billing.scene, resident.residentId, { mealOfDay: 3 });
    await billing.deliver(cancelled(booking));
    await billing.deliver(third);
    expect((await chargeOf(third.bookingId)).trace[0]).toMatchObject({ gaveFen: 200, code: 'given' });
  });

  it('pays for guests by the head, without subsidy', async () => {
    const resident = aResident(billing.scene);
    const booking = held(billing.scene, resident.residentId, { partySize: 3, serviceDay: '2026-11-20' });
    await billing.deliver(resident);
    await billing.deliver(booking);
    expect(await chargeOf(booking.bookingId)).toMatchObject({
      gross_fen: 5400,
      funders_fen: 200,
      resident_fen: 5200,
    });
  });

  it('is charged by its minutes where the price is by the hour', async () => {
    const resident = aResident(billing.scene, { birthDate: '2025-01-01' });
    const booking = held(billing.scene, resident.residentId, asChildcare(billing.scene));
    await billing.deliver(resident);
    await billing.deliver(booking);
    expect(await chargeOf(booking.bookingId)).toMatchObject({
      gross_fen: 5066,
      resident_fen: 5066,
      planned_minutes: 120,
    });
  });

  it('delivered twice, or told twice, is charged once', async () => {
    const resident = aResident(billing.scene);
    const booking = held(billing.scene, resident.residentId, { serviceDay: '2026-11-21' });
    const letter = { event: booking, id: newId() };
    await billing.deliver(resident);
    await billing.deliver(letter, letter, booking);
    expect(await authorisedFor(booking.bookingId)).toHaveLength(1);
    const { rows } = await billing.db.query(
      `SELECT sum(reserved_fen)::int AS fen FROM charge_share JOIN charge ON charge.id = charge_id WHERE booking_id = $1`,
      [booking.bookingId],
    );
    expect(rows[0].fen).toBe(200);
  });

  it('without a price is declined at once', async () => {
    const resident = aResident(billing.scene);
    const booking = held(billing.scene, resident.residentId, {
      offeringId: billing.scene.court,
      kind: 'sports',
    });
    await billing.deliver(resident);
    await billing.deliver(booking);
    expect(await declinedFor(booking.bookingId)).toMatchObject([{ code: 'no_price', version: 1 }]);
    expect(await chargeOf(booking.bookingId)).toMatchObject({
      status: 'declined',
      code: 'no_price',
      gross_fen: 0,
    });
  });

  it('whose price lies above the ceiling of its place, or of its own day, is declined', async () => {
    const resident = aResident(billing.scene);
    await billing.deliver(resident);
    const outcome = async (changes: Partial<ContractSnapshot>) => {
      const scene = { ...billing.scene, contractId: newId() };
      await billing.deliver(contractNews(scene, changes));
      await standUnder(scene);
      await setPrice(billing, { contractId: scene.contractId });
      const booking = held(scene, resident.residentId);
      await billing.deliver(booking);
      const { code, status } = await chargeOf(booking.bookingId);
      return code ?? status;
    };
    const whole = { kind: 'meals', priceCeilingFen: 2000 };
    const here = (priceCeilingFen: number) => ({
      kind: 'meals',
      regionCode: REGION.slice(0, 6),
      priceCeilingFen,
    });
    const elsewhere = { kind: 'meals', regionCode: '33', priceCeilingFen: 1 };
    expect(await outcome({ services: [whole, here(1700)] })).toBe('price_above_ceiling');
    expect(await outcome({ services: [elsewhere, whole, here(1800)] })).toBe('authorised');
    const until = (to: string, from = '2026-01-01') => ({ from, to, services: [whole] });
    const since = (from: string, services: object[]) => ({ from, to: '2029-01-01', services });
    const lowered = [until(DAY), since(DAY, [{ ...whole, priceCeilingFen: 1700 }])];
    const revisions = (told: object[]) =>
      told.map((revision, i) => ({ revision: i + 1, ...revision })) as ContractSnapshot['revisions'];
    expect(await outcome({ services: [whole], revisions: revisions(lowered) })).toBe('price_above_ceiling');
    const raised = [until(DAY), since(DAY, [whole])];
    const today = [{ ...whole, priceCeilingFen: 1700 }];
    expect(await outcome({ services: today, revisions: revisions(raised) })).toBe('authorised');
  });

  it('whose price has come to lie above a lowered ceiling is declined', async () => {
    const services = [{ kind: 'meals', priceCeilingFen: 1700 }];
    const resident = aResident(billing.scene);
    const scene = { ...billing.scene, contractId: newId() };
    await billing.deliver(contractNews(scene), resident);
    await standUnder(scene);
    await setPrice(billing, { contractId: scene.contractId });
    await billing.deliver(contractNews(scene, { services, version: 2 }));
    const booking = held(scene, resident.residentId);
    await billing.deliver(booking);
    expect(await declinedFor(booking.bookingId)).toMatchObject([{ code: 'price_above_ceiling' }]);
  });
});

describe('a held booking ahead of the news about it', () => {
  it('waits for its resident and is authorised when the snapshot comes', async () => {
    const resident = aResident(billing.scene);
    const booking = held(billing.scene, resident.residentId, { serviceDay: '2026-11-22' });
    await billing.deliver({ event: booking, correlationId: 'the-request' });
    expect(await chargeOf(booking.bookingId)).toMatchObject({ status: 'pending', waits_for: ['resident'] });
    expect(await declinedFor(booking.bookingId)).toEqual([]);

    await billing.deliver(resident);
    await billing.eventually(async () =>
      expect(await chargeOf(booking.bookingId)).toMatchObject({
        status: 'authorised',
        version: 2,
        correlation_id: 'the-request',
      }),
    );
    expect(await authorisedFor(booking.bookingId)).toMatchObject([{ version: 2, fundersFen: 200 }]);
  });

  it('is not declined because the contract’s activation is still on its way', async () => {
    const scene = { ...billing.scene, contractId: newId() };
    const resident = aResident(billing.scene);
    await billing.deliver(contractNews(scene, { status: 'signed' }), resident);
    await setPrice(billing, { contractId: scene.contractId });
    const booking = held(scene, resident.residentId, { serviceDay: '2026-11-23' });
    await billing.deliver(booking);
    expect(await chargeOf(booking.bookingId)).toMatchObject({ status: 'pending', waits_for: ['placement'] });
    await standUnder(scene);
    await billing.deliver(contractNews(scene, { version: 2 }));
    await billing.eventually(async () =>
      expect((await chargeOf(booking.bookingId)).status).toBe('authorised'),
    );
  });

  it('is declined when nothing comes in time', async () => {
    const booking = held(billing.scene, newId());
    await billing.deliver(booking);
    expect((await chargeOf(booking.bookingId)).status).toBe('pending');
    billing.clock.advance({ seconds: 6 });
    await billing.eventually(async () => expect((await chargeOf(booking.bookingId)).status).toBe('declined'));
    expect(await declinedFor(booking.bookingId)).toMatchObject([{ code: 'resident_not_known', version: 2 }]);
  });

  it('that was cancelled meanwhile is not authorised any more', async () => {
    const resident = aResident(billing.scene);
    const booking = held(billing.scene, resident.residentId);
    await billing.deliver(booking);
    await billing.deliver(cancelled(booking));
    await billing.deliver(resident);
    expect(await chargeOf(booking.bookingId)).toMatchObject({ status: 'released', code: 'cancelled' });
    expect(await authorisedFor(booking.bookingId)).toEqual([]);
  });
});
