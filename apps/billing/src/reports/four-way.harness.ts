import {
  type BookingHeld,
  ContractSiteSnapshot,
  event,
  OrganisationSnapshot,
  SiteSnapshot,
} from '@doorstep/contracts';
import { newId } from '@doorstep/kernel';
import { type Received, runAs, SYSTEM_ACTOR } from '@doorstep/platform';
import {
  AT,
  type Billing,
  contractNews,
  delivered,
  held,
  newsOf,
  setPrice,
  setProgramme,
  startBilling,
} from '../billing.harness';
import { CapturesService } from '../charges/captures.service';
import { HoldsService } from '../charges/holds.service';
import { BANK_ACCOUNT } from '../statements/statements.examples';
import type { Row } from './four-way.oracle';

/* A billing service for the stories of four ways: two contracts, three sites, two funders, two months. */
export const DAYS = ['2026-11-02', '2026-11-03', '2026-12-01'];
export let billing: Billing;
export let accountId: string;
export let places: { contractId: string; siteId: string }[];
export let programme: string;
export const funders: string[] = [];
export const bookings: BookingHeld[] = [];
/** Days go on from run to run: a day has one bill, and one statement. */
let day = 0;
export const today = (): string =>
  new Date(Date.parse('2026-11-02') + day * 86_400_000).toISOString().slice(0, 10);
export function wait(days: number): void {
  day += days;
  billing.clock.set(`${today()}T00:00:00Z`);
}
export const pick = <T>(from: readonly T[], n: number): T | undefined => from[n % Math.max(1, from.length)];
export const call = () => billing.as(billing.finance);
export const rows = async (sql: string, params: unknown[] = []): Promise<Row[]> =>
  (await billing.db.query(sql, params)).rows;

export const service = <T>(type: new (...args: never[]) => T): T => billing.running.app.get(type);
const A_RESIDENT = `INSERT INTO known_resident SELECT $2, $1, '1955-05-05', '310101013001', NULL, NULL, false, false, NULL, true, false, 1`;
function received<E extends BookingHeld>(data: E): Received<E>[] {
  const { operatorId, bookingId: key, version } = data;
  return [
    { id: newId(), type: 'x', data, key, operatorId, version, time: new Date(), correlationId: newId() },
  ];
}
/** A booking of somebody new, held and priced. */
export async function hold(changes: Partial<BookingHeld>): Promise<BookingHeld> {
  const resident = newId();
  await billing.db.query(A_RESIDENT, [billing.scene.operatorId, resident]);
  const booking = held(billing.scene, resident, changes);
  await runAs(SYSTEM_ACTOR, () => service(HoldsService).authorise(received(booking)));
  bookings.push(booking);
  return booking;
}
export const deliver = (booking: BookingHeld) =>
  runAs(SYSTEM_ACTOR, () => service(CapturesService).capture(received(delivered(booking) as never)));

/** A refusal is an answer, too; anything else is not. */
export async function ask(path: string, body: object): Promise<{ id: string }> {
  const answer = await call().post(`/v1/${path}`).send(body);
  if (answer.status >= 500) throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body;
}

export async function startStories(): Promise<Billing> {
  billing = await startBilling({ PERIODIC: 'false' });
  const { scene } = billing;
  const { operatorId, contractId, siteId } = scene;
  places = [
    { contractId, siteId },
    { contractId, siteId: newId() },
    { contractId: newId(), siteId: newId() },
  ];
  const site = newsOf(scene).find((news) => news instanceof SiteSnapshot) as SiteSnapshot;
  const under = {
    operatorId,
    from: '2026-01-01',
    to: '2029-01-01',
    kinds: [],
    inForce: true,
    version: 1,
    at: AT,
  };
  funders.push(scene.funderId, newId());
  await billing.deliver(
    contractNews(scene, { contractId: places[2].contractId, number: 'DS-2' }),
    event(OrganisationSnapshot, {
      organisationId: funders[1],
      kind: 'funder',
      name: '卫健委',
      version: 1,
      at: AT,
    }),
    ...places.slice(1).flatMap((place) => [
      event(SiteSnapshot, {
        ...site,
        ...{ siteId: place.siteId, code: place.siteId.slice(-8), nameZh: '站' },
      }),
      event(ContractSiteSnapshot, { ...under, ...place, contractSiteId: newId() }),
    ]),
  );
  for (const of of new Set(places.map((place) => place.contractId)))
    await setPrice(billing, { contractId: of, amountFen: 180 });
  programme = (await setProgramme(billing, { fixedFen: 20 })).id;
  const second = await setProgramme(billing, { funderId: funders[1], rateBp: 1_000, order: 20 });
  await billing.db.query(`UPDATE programme_budget SET period = '2026' WHERE programme_id = ANY ($1)`, [
    [programme, second.id],
  ]);
  accountId = (await call().post('/v1/statement-accounts').send(BANK_ACCOUNT).expect(201)).body.id;
  return billing;
}
