import type { Tenant } from './parties';
import { eventually, type Ids, REGIONS } from './seed';

interface Created {
  id: string;
}

const EVERY_DAY = [1, 2, 3, 4, 5, 6, 7];

/** A group of childcare with a child in it, and an application that still waits. */
export async function placeChild({ owner, frontEnd }: Tenant, siteId: string, mark: string): Promise<Ids> {
  const { id: careOfferingId } = await owner.must<Created>('POST', `/v1/sites/${siteId}/offerings`, {
    code: 'CARE',
    name: { zh: `${mark} 托育`, en: `${mark} childcare` },
    kind: 'childcare',
    mode: 'full_day',
    delivery: 'on_site',
    capacityModel: 'places',
    capacity: 15,
    staffRatio: 5,
    staffCount: 3,
    ageMonthsMin: 12,
    ageMonthsMax: 36,
    schedule: EVERY_DAY.map((weekday) => ({ weekday, starts: '08:00', ends: '17:30' })),
    leadMinutes: 0,
    cutoffMinutes: 60,
    bufferMinutes: 0,
    skills: [],
  });
  const day = (ahead: number): string => new Date(Date.now() + ahead * 86_400_000).toISOString().slice(0, 10);
  const size = { from: day(2), places: 15, staff: 3 };
  const hours = { opensAt: '08:00', noonAt: '12:00', closesAt: '17:30' };
  const { id: careGroupId } = await eventually(() =>
    owner.must<Created>('POST', '/v1/care-groups', {
      ...{ ...size, ...hours, offeringId: careOfferingId, name: `${mark} 班`, ageClass: 'toddler' },
    }),
  );
  const apply = async (): Promise<string> => {
    const { id: residentId } = await frontEnd.must<Created>('POST', '/v1/residents', {
      name: `${mark}宝`,
      birthDate: day(-500),
      regionCode: REGIONS.community,
      consents: [{ purpose: 'booking', grantedBy: 'guardian' }],
    });
    const { id } = await frontEnd.must<Created>('POST', '/v1/childcare-applications', {
      ...{ offeringId: careOfferingId, residentId, mode: 'full_day', wishedStart: day(2), dueOn: day(60) },
      pattern: [{ weekday: 1, part: 'day' }],
    });
    return id;
  };
  const accepted = await apply();
  await eventually(async () => {
    const { items } = await owner.must<{ items: Created[] }>(
      'POST',
      `/v1/care-groups/${careGroupId}/offers`,
      {
        freeFrom: day(2),
      },
    );
    if (items.length === 0) throw new Error('no place is offered yet');
  });
  const { id: placementId } = await frontEnd.must<Created>(
    'POST',
    `/v1/childcare-applications/${accepted}/accept`,
    {},
  );
  return { careGroupId, groupId: careGroupId, placementId, childcareApplicationId: await apply() };
}
