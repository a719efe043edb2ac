import { DateTime } from 'luxon';
import { ZONE } from '../day';
import { type FrontEnd, Refused } from '../front-end';
import { eventually } from '../patience';
import { firstOfYear, onceHeard } from '../setup-sites';
import type { Stage } from './chapter';

interface Created {
  id: string;
}

export interface OwnSite {
  siteId: string;
  contractId: string;
  /** By the name that the plan gave. */
  offerings: Record<string, string>;
  staff: string[];
  /** Where it stands. */
  lng: number;
  lat: number;
}

export interface OwnSitePlan {
  /** Unique: part of codes and numbers. */
  mark: string;
  name: string;
  services: { kind: string; priceFen: number }[];
  offerings: Record<string, Record<string, unknown> & { kind: string; needsSpace?: string }>;
  staff: string[][];
}

export const EVERY_DAY = [1, 2, 3, 4, 5, 6, 7];

export const every = (starts: string, ends: string, slotMinutes?: number) =>
  EVERY_DAY.map((weekday) => ({ weekday, starts, ends, ...(slotMinutes && { slotMinutes }) }));

/** Opens a site for one chapter, under a contract of its own, with prices, staff and sessions that stand. */
export async function openOwnSite(stage: Stage, plan: OwnSitePlan): Promise<OwnSite> {
  const { owner } = stage.scene;
  const [community] = stage.area.communities;
  const { lng, lat, code } = community;
  const { id: siteId } = await owner.post<Created>('/v1/sites', {
    code: `X${plan.mark}`,
    name: { zh: plan.name, en: plan.mark },
    regionCode: code,
    form: 'complex',
    tier: 'community',
    spaceSource: 'convert',
    location: { lng, lat, crs: 'WGS84' },
    timeZone: ZONE,
    areaM2: 900,
    openingHours: EVERY_DAY.map((weekday) => ({ weekday, opens: '07:00', closes: '21:00' })),
  });
  const offerings: Record<string, string> = {};
  for (const [name, { needsSpace, ...body }] of Object.entries(plan.offerings)) {
    const space = { name: needsSpace, kind: 'room', capacity: 30 };
    const spaceId = needsSpace
      ? (await owner.post<Created>(`/v1/sites/${siteId}/spaces`, space)).id
      : undefined;
    const base = { leadMinutes: 0, cutoffMinutes: 0, bufferMinutes: 0, skills: [], delivery: 'on_site' };
    const offering = {
      ...base,
      mode: 'session',
      code: name.toUpperCase(),
      name: { zh: name, en: name },
      spaceId,
    };
    offerings[name] = (
      await owner.post<Created>(`/v1/sites/${siteId}/offerings`, { ...offering, ...body })
    ).id;
  }
  const staff: string[] = [];
  for (const [n, skills] of plan.staff.entries()) {
    const body = { siteIds: [siteId], name: `${plan.name}${n + 1}`, jobTitle: 'caregiver', skills };
    staff.push((await onceHeard(() => owner.post<Created>('/v1/staff', body))).id);
  }
  const contractId = await contractOf(stage, plan, siteId);
  for (const id of Object.values(offerings)) await sessionsOf(stage.scene.frontEnd, id, nextDay(stage));
  await stage.everythingHeard();
  return { siteId, contractId, offerings, staff, lng, lat };
}

async function contractOf(stage: Stage, plan: OwnSitePlan, siteId: string): Promise<string> {
  const { owner, official, authorityId, operatorId } = stage.scene;
  const from = firstOfYear(stage.day);
  const to = `${Number(from.slice(0, 4)) + 3}-01-01`;
  const { id } = await owner.post<Created>('/v1/contracts', {
    number: `DS-${plan.mark}`,
    title: `${plan.name}运营合同`,
    authorityId,
    operatorId,
    form: 'chain',
    from,
    to,
    settlementCycle: 'monthly',
    services: plan.services.map(({ kind, priceFen }) => ({ kind, priceCeilingFen: priceFen })),
  });
  await onceHeard(() =>
    owner.post(`/v1/contracts/${id}/sites`, { sites: [{ siteId, from, to, kinds: [] }] }),
  );
  await owner.post(`/v1/contracts/${id}/signatures`, {});
  await official.post(`/v1/contracts/${id}/signatures`, {});
  await owner.post(`/v1/contracts/${id}/activate`, {});
  for (const { kind, priceFen } of plan.services) {
    const price = { contractId: id, kind, unit: 'use', amountFen: priceFen, from };
    await onceHeard(() => owner.post('/v1/prices', price));
  }
  return id;
}

export interface Session {
  sessionId: string;
  start: string;
  end: string;
  bookable: boolean;
  reasons: string[];
}

/** The sessions of a day, once they stand. */
export function sessionsOf(frontEnd: FrontEnd, offeringId: string, day: string): Promise<Session[]> {
  const to = DateTime.fromISO(day).plus({ days: 1 }).toISODate();
  const path = `/v1/availability?offeringId=${offeringId}&from=${day}&to=${to}`;
  return eventually(`offering ${offeringId} has no sessions on ${day}`, async () => {
    try {
      const { items } = await frontEnd.get<{ items: Session[] }>(path);
      return items.length > 0 ? items : undefined;
    } catch (error) {
      if (error instanceof Refused && error.status === 404) return undefined;
      throw error;
    }
  });
}

/** The day after the one that the clock shows. */
export function nextDay({ clock }: Stage): string {
  return DateTime.fromJSDate(clock.now(), { zone: ZONE }).plus({ days: 1 }).toFormat('yyyy-MM-dd');
}

export function at(day: string, time: string): Date {
  return DateTime.fromISO(`${day}T${time}:00`, { zone: ZONE }).toJSDate();
}

let registered = 0;

/** Somebody who lives in the first community. */
export async function register(stage: Stage, more: Record<string, unknown> = {}): Promise<string> {
  registered += 1;
  const { id } = await stage.scene.frontEnd.post<Created>('/v1/residents', {
    name: `居民${registered}`,
    mobile: `139${String(registered).padStart(8, '0')}`,
    birthDate: '1950-05-05',
    regionCode: stage.area.communities[0].code,
    address: `某路${registered}号`,
    consents: [{ purpose: 'booking' }, { purpose: 'subsidy' }],
    ...more,
  });
  return id;
}

export interface Booked {
  id: string;
  status: string;
  start: string;
  end: string;
  visitCode?: string;
  caregiverId?: string;
}

/** Books and waits until billing has answered. */
export async function book(
  stage: Stage,
  offeringId: string,
  sessionId: string,
  residentId: string,
  partySize = 1,
): Promise<Booked> {
  const body = { offeringId, sessionId, residentId, partySize };
  const { id } = await onceHeard(() =>
    stage.scene.frontEnd.post<Booked>('/v1/bookings', body, { prefer: 'wait=10' }),
  );
  return confirmed(stage, id);
}

/** A booking once billing has answered. */
export function confirmed(stage: Stage, id: string): Promise<Booked> {
  return eventually(`booking ${id} is still held`, async () => {
    const booking = await stage.scene.frontEnd.get<Booked>(`/v1/bookings/${id}`);
    return booking.status === 'held' ? undefined : booking;
  });
}
