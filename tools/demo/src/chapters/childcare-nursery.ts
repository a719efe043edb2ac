import { type FrontEnd, Refused } from '../front-end';
import { untilGood } from '../patience';
import { firstOfYear, onceHeard } from '../setup-sites';
import type { Stage } from './chapter';
import { dayAfter } from './childcare-plan';

const EVERY_DAY = [1, 2, 3, 4, 5, 6, 7];
export const WHOLE_WEEK = [1, 2, 3, 4, 5].map((weekday) => ({ weekday, part: 'day' }));
const HEALTHY = { temperature: 36.6, symptoms: [] };

export interface Placed {
  id: string;
  groupId: string;
  from: string;
  to: string;
  applicationId: string;
}

interface Created {
  id: string;
}

/** A nursery with two groups, and what its people and the families ask of it. */
export class DemoNursery {
  private constructor(
    private readonly owner: FrontEnd,
    private readonly families: FrontEnd,
    private readonly communityCode: string,
    readonly contractId: string,
    readonly offeringId: string,
    readonly toddlers: string,
    readonly older: string,
  ) {}

  /** Opens it under a contract of its own, with places and staff from a day on. */
  static async open({ area, scene, day }: Stage, from: string): Promise<DemoNursery> {
    const { owner, frontEnd } = scene;
    const [community] = area.communities;
    const { code, lng, lat } = community;
    const { id: siteId } = await owner.post<Created>('/v1/sites', {
      ...{ code: 'NURSERY', name: { zh: '普惠托育园', en: 'Affordable nursery' }, regionCode: code },
      ...{ form: 'point', tier: 'community', spaceSource: 'convert', areaM2: 240 },
      ...{ location: { lng, lat, crs: 'WGS84' }, timeZone: 'Asia/Shanghai' },
      openingHours: EVERY_DAY.map((weekday) => ({ weekday, opens: '07:00', closes: '19:00' })),
    });
    const { id: offeringId } = await owner.post<Created>(`/v1/sites/${siteId}/offerings`, {
      ...{ code: 'NURSERY', name: { zh: '托育', en: 'Childcare' }, kind: 'childcare', mode: 'full_day' },
      ...{ delivery: 'on_site', capacityModel: 'places', capacity: 15, staffRatio: 5, staffCount: 3 },
      ...{
        ageMonthsMin: 12,
        ageMonthsMax: 36,
        leadMinutes: 0,
        cutoffMinutes: 60,
        bufferMinutes: 0,
        skills: [],
      },
      schedule: EVERY_DAY.map((weekday) => ({ weekday, starts: '08:00', ends: '17:30' })),
    });
    const contractId = await signFor(scene, siteId, day);
    const group = async (name: string, ageClass: string, places: number): Promise<string> => {
      const hours = { opensAt: '08:00', noonAt: '12:00', closesAt: '17:30' };
      const body = { ...hours, offeringId, name, ageClass, from, places, staff: 1 };
      return (await onceHeard(() => owner.post<Created>('/v1/care-groups', body))).id;
    };
    const toddlers = await group('托小班', 'toddler', PLACES.toddlers);
    const older = await group('托大班', 'older', PLACES.older);
    return new DemoNursery(owner, frontEnd, code, contractId, offeringId, toddlers, older);
  }

  async child(birthDate: string): Promise<string> {
    const body = { name: '小宝', birthDate, regionCode: this.communityCode };
    const consents = [
      { purpose: 'booking', grantedBy: 'guardian' },
      { purpose: 'subsidy', grantedBy: 'guardian' },
    ];
    return (await this.families.post<Created>('/v1/residents', { ...body, consents })).id;
  }

  async apply(
    birthDate: string,
    wishedStart: string,
    terms: Record<string, unknown>,
    priority = 0,
  ): Promise<string> {
    const residentId = await this.child(birthDate);
    const due = { wishedStart, dueOn: dayAfter(wishedStart, 60) };
    const body = { offeringId: this.offeringId, residentId, ...due, ...terms, priority };
    const who = priority > 0 ? this.owner : this.families;
    return (await who.post<Created>('/v1/childcare-applications', body)).id;
  }

  /** Offers what is free; the contract may still be on its way. */
  async offer(groupId: string, freeFrom: string): Promise<Placed[]> {
    const path = `/v1/care-groups/${groupId}/offers`;
    const { items } = await untilGood(
      () => this.owner.post<{ items: Placed[] }>(path, { freeFrom, offers: 20 }),
      (offered) => offered.items.length > 0,
    );
    return items;
  }

  answer(verb: 'accept' | 'decline', applicationId: string): Promise<Placed> {
    return this.families.post<Placed>(`/v1/childcare-applications/${applicationId}/${verb}`, {});
  }

  application(id: string): Promise<{ status: string; placementId?: string }> {
    return this.families.get(`/v1/childcare-applications/${id}`);
  }

  takeDays(groupId: string, residentId: string, days: string[]): Promise<Placed> {
    return this.families.post<Placed>('/v1/placements', { groupId, residentId, days });
  }

  /** What a family tells about a placement: absences, reservations. */
  tell(placementId: string, what: 'absences' | 'reservations', body: unknown): Promise<unknown> {
    return this.families.post(`/v1/placements/${placementId}/${what}`, body);
  }

  change(placementId: string, body: unknown): Promise<Placed> {
    return this.owner.post<Placed>(`/v1/placements/${placementId}/change`, body);
  }

  checkIn(placementId: string, day: string, check: object = HEALTHY): Promise<{ outcome: string }> {
    return this.owner.post(`/v1/placements/${placementId}/days/${day}/check-in`, check);
  }

  checkOut(placementId: string, day: string): Promise<{ lateMinutes: number }> {
    return this.owner.post(`/v1/placements/${placementId}/days/${day}/check-out`, {});
  }

  /** From the paper list that hung at the door. */
  enter(placementId: string, day: string, was: object, reason: string): Promise<unknown> {
    return this.owner.post(`/v1/placements/${placementId}/days/${day}/correction`, { ...was, reason });
  }

  closeDay(groupId: string, day: string): Promise<unknown> {
    return this.owner.post(`/v1/care-groups/${groupId}/closures`, {
      ...{ from: day, to: dayAfter(day), kind: 'closure' },
    });
  }

  closeMonth(groupId: string, month: string): Promise<unknown> {
    return this.owner.post(`/v1/care-groups/${groupId}/months/${month}/close`, {});
  }

  /** What the streets were told of the month, under the nursery's contract. */
  async streets(month: string): Promise<{ people: number; visits: number }> {
    const path = `/v1/portfolio/street-reports?month=${month}&contractId=${this.contractId}`;
    const rows = await this.owner.all<{ people: number; visits: number }>(path);
    const sum = (of: 'people' | 'visits'): number => rows.reduce((total, row) => total + row[of], 0);
    return { people: sum('people'), visits: sum('visits') };
  }

  sheet(groupId: string, month: string): Promise<Sheet> {
    return this.owner.get<Sheet>(`/v1/care-groups/${groupId}/months/${month}`);
  }
}

/** By the plan: what the checks start from. One member of staff in each group. */
export const PLACES = { toddlers: 4, older: 7 };

export interface Sheet {
  workdays: number;
  closed: boolean;
  items: {
    placementId: string;
    mode: string;
    marks: string[];
    totals: { daysAttended: number; daysPlanned: number; minutesAttended: number; latePickupMinutes: number };
  }[];
}

/** The code of the refusal, or 'accepted'. */
export async function refusalOf(ask: () => Promise<unknown>): Promise<string> {
  try {
    await ask();
    return 'accepted';
  } catch (error) {
    if (error instanceof Refused) return error.code;
    throw error;
  }
}

async function signFor(
  { owner, official, authorityId, operatorId }: Stage['scene'],
  siteId: string,
  day: string,
): Promise<string> {
  const from = firstOfYear(day);
  const to = `${Number(day.slice(0, 4)) + 3}-01-01`;
  const { id } = await owner.post<Created>('/v1/contracts', {
    ...{
      number: `DS-${day.slice(0, 4)}-CARE`,
      title: '普惠托育运营合同',
      authorityId,
      operatorId,
      form: 'chain',
    },
    ...{ from, to, settlementCycle: 'monthly', services: [{ kind: 'childcare', priceCeilingFen: 250_000 }] },
  });
  await onceHeard(() =>
    owner.post(`/v1/contracts/${id}/sites`, { sites: [{ siteId, from, to, kinds: [] }] }),
  );
  await owner.post(`/v1/contracts/${id}/signatures`, {});
  await official.post(`/v1/contracts/${id}/signatures`, {});
  await owner.post(`/v1/contracts/${id}/activate`, {});
  return id;
}
