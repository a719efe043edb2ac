import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  BookingCancelled,
  BookingHeld,
  ContractSiteSnapshot,
  ContractSnapshot,
  event,
  OfferingSnapshot,
  OrganisationSnapshot,
  ResidentSnapshot,
  ServiceDelivered,
  SiteSnapshot,
} from '@doorstep/contracts';
import { newId } from '@doorstep/kernel';
import type { Actor } from '@doorstep/platform';
import {
  aFinanceOfficer,
  anAdministrator,
  anOwner,
  FixedClock,
  startTestService,
  type TestService,
} from '@doorstep/testing';
import { AppModule } from './app.module';
import { BillingConfig } from './config';
import { migrations } from './migrations';

export const DAY = '2026-11-02';
export const REGION = '310101013001';
export const AT = '2026-11-01T00:00:00.000Z';

/** A running billing service with one operator, contract, site and funder that it has heard of. */
export interface Billing extends TestService {
  clock: FixedClock;
  storageDir: string;
  scene: Scene;
  owner: Actor;
  finance: Actor;
  administrator: Actor;
}

export interface Scene {
  operatorId: string;
  authorityId: string;
  funderId: string;
  contractId: string;
  siteId: string;
  meals: string;
  court: string;
  childcare: string;
}

export async function startBilling(env: Record<string, string> = {}): Promise<Billing> {
  const clock = new FixedClock(`${DAY}T00:00:00Z`);
  const storageDir = await mkdtemp(join(tmpdir(), 'doorstep-billing-'));
  const service = await startTestService('billing', AppModule, BillingConfig, migrations, {
    clock,
    env: { STORAGE_DIR: storageDir, PENDING_SECONDS_MAX: '5', ...env },
  });
  const scene = aScene();
  await service.deliver(...newsOf(scene));
  return {
    ...service,
    clock,
    storageDir,
    scene,
    owner: anOwner(scene.operatorId),
    finance: aFinanceOfficer(scene.operatorId),
    administrator: anAdministrator(),
    stop: async () => {
      await service.stop();
      await rm(storageDir, { recursive: true, force: true });
    },
  };
}

export function aScene(changes: Partial<Scene> = {}): Scene {
  const [operatorId, authorityId, funderId, contractId, siteId, meals, court, childcare] = Array.from(
    { length: 8 },
    () => newId(),
  );
  return { operatorId, authorityId, funderId, contractId, siteId, meals, court, childcare, ...changes };
}

/** Everything that other services would have told about a scene. */
export function newsOf(scene: Scene) {
  const { operatorId, funderId, contractId, siteId } = scene;
  return [
    event(OrganisationSnapshot, {
      organisationId: funderId,
      kind: 'funder',
      name: '市民政局',
      version: 1,
      at: AT,
    }),
    event(OrganisationSnapshot, {
      organisationId: operatorId,
      kind: 'operator',
      name: '邻里',
      version: 1,
      at: AT,
    }),
    event(SiteSnapshot, {
      ...{
        operatorId,
        siteId,
        code: `S-${siteId.slice(-6)}`,
        nameZh: '外滩站',
        regionCode: REGION,
        status: 'operating',
      },
      ...{
        lng: 121.48,
        lat: 31.24,
        timeZone: 'Asia/Shanghai',
        openingHours: [],
        openingExceptions: [],
        version: 1,
        at: AT,
      },
    }),
    contractNews(scene),
    event(ContractSiteSnapshot, {
      ...{ operatorId, contractSiteId: newId(), contractId, siteId, from: '2026-01-01', to: '2029-01-01' },
      ...{ kinds: [], inForce: true, version: 1, at: AT },
    }),
    offeringNews(scene, scene.meals, { kind: 'meals', mode: 'session', capacityModel: 'seats' }),
    offeringNews(scene, scene.court, { kind: 'sports', mode: 'session', capacityModel: 'exclusive' }),
    offeringNews(scene, scene.childcare, { kind: 'childcare', mode: 'timed', capacityModel: 'places' }),
  ];
}

export function contractNews(
  { operatorId, authorityId, contractId }: Scene,
  changes: Partial<ContractSnapshot> = {},
): ContractSnapshot {
  return event(ContractSnapshot, {
    ...{
      operatorId,
      contractId,
      authorityId,
      number: 'DS-1',
      status: 'active',
      from: '2026-01-01',
      to: '2029-01-01',
    },
    services: [
      { kind: 'meals', priceCeilingFen: 2_000 },
      { kind: 'sports', priceCeilingFen: 5_000 },
      { kind: 'childcare', mode: 'timed', priceCeilingFen: 4_000 },
    ],
    version: 1,
    at: AT,
    ...changes,
  });
}

export function offeringNews(
  { operatorId, siteId }: Scene,
  offeringId: string,
  what: Pick<OfferingSnapshot, 'kind' | 'mode' | 'capacityModel'>,
): OfferingSnapshot {
  return event(OfferingSnapshot, {
    ...{
      operatorId,
      offeringId,
      siteId,
      code: what.kind,
      nameZh: what.kind,
      delivery: 'on_site',
      capacity: 30,
    },
    ...{
      skills: [],
      schedule: [],
      leadMinutes: 0,
      cutoffMinutes: 0,
      bufferMinutes: 0,
      active: true,
      version: 1,
      at: AT,
    },
    ...what,
  });
}

export function aResident({ operatorId }: Scene, changes: Partial<ResidentSnapshot> = {}): ResidentSnapshot {
  return event(ResidentSnapshot, {
    ...{
      operatorId,
      residentId: newId(),
      birthDate: '1955-05-05',
      regionCode: REGION,
      hardship: false,
      disability: false,
    },
    ...{ subsidyConsent: true, notificationConsent: true, erased: false, version: 1, at: AT },
    ...changes,
  });
}

/** A lunch held for somebody; change the offering, kind, mode and times for another service. */
export function held(scene: Scene, residentId: string, changes: Partial<BookingHeld> = {}): BookingHeld {
  const { operatorId, contractId, siteId, meals } = scene;
  return event(BookingHeld, {
    ...{ operatorId, bookingId: newId(), contractId, siteId, offeringId: meals, residentId },
    ...{
      kind: 'meals',
      mode: 'session',
      regionCode: REGION,
      serviceDay: DAY,
      partySize: 1,
      version: 1,
      at: AT,
    },
    ...{ start: `${DAY}T03:00:00.000Z`, end: `${DAY}T04:30:00.000Z`, expiresAt: `${DAY}T00:10:00.000Z` },
    ...changes,
  });
}

/** The held booking as two hours of childcare. */
export const asChildcare = ({ childcare }: Scene): Partial<BookingHeld> => ({
  offeringId: childcare,
  kind: 'childcare',
  mode: 'timed',
  start: `${DAY}T01:00:00.000Z`,
  end: `${DAY}T03:00:00.000Z`,
});

export function delivered(
  booking: BookingHeld,
  { minutes = 90, evidence = 'attendance' }: Partial<Pick<ServiceDelivered, 'minutes' | 'evidence'>> = {},
): ServiceDelivered {
  const { expiresAt: _expiresAt, ...facts } = booking;
  return event(ServiceDelivered, { ...facts, minutes, evidence, version: 3 });
}

export function cancelled(booking: BookingHeld, fee: { feeFen?: number } = {}): BookingCancelled {
  const { expiresAt: _expiresAt, ...facts } = booking;
  return event(BookingCancelled, { ...facts, by: 'resident', reason: 'changed_plans', ...fee, version: 3 });
}

export async function setPrice(billing: Billing, changes: Record<string, unknown> = {}): Promise<string> {
  const { contractId } = billing.scene;
  const body = { contractId, kind: 'meals', unit: 'use', amountFen: 1800, from: '2026-01-01', ...changes };
  const { body: price } = await billing.as(billing.owner).post('/v1/prices').send(body).expect(201);
  return price.id;
}

export interface ProgrammeSetUp {
  id: string;
  code: string;
}

/** A programme that gives 2 yuan for each meal, with a budget for the month; change what matters to the test. */
export async function setProgramme(
  billing: Billing,
  { budgetFen = 1_000_000, ...changes }: Record<string, unknown> & { budgetFen?: number } = {},
): Promise<ProgrammeSetUp> {
  const code = `P-${newId().slice(-8)}`;
  const body = {
    ...{
      code,
      name: { zh: '补贴' },
      funderId: billing.scene.funderId,
      regionPrefix: '3101',
      kinds: ['meals'],
    },
    ...{ from: '2026-01-01', base: 'gross', order: 10 },
    ...(changes.rateBp === undefined && { fixedFen: 200 }),
    ...changes,
  };
  const administrator = billing.as(billing.administrator);
  const { body: programme } = await administrator.post('/v1/programmes').send(body).expect(201);
  const budget = { period: DAY.slice(0, 7), amountFen: budgetFen };
  await administrator.post(`/v1/programmes/${programme.id}/budgets`).send(budget).expect(201);
  return { id: programme.id, code: programme.code };
}

export async function budgetOf(
  billing: Billing,
  programmeId: string,
): Promise<{ amountFen: number; reservedFen: number; spentFen: number; leftFen: number }> {
  const { body } = await billing
    .as(billing.administrator)
    .get(`/v1/programmes/${programmeId}/budgets`)
    .expect(200);
  return body.items[0];
}
