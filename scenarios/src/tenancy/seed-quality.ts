import type { Tenant } from './parties';
import type { Ids } from './seed';

interface Created {
  id: string;
}

const PAPER = {
  name: '整改照片.pdf',
  contentType: 'application/pdf',
  contentBase64: Buffer.from('%PDF-1.7 picture').toString('base64'),
};

/** An inspection by the operator's own people, with a finding that suspends nothing. */
export async function inspectSite({ owner }: Tenant, siteId: string, mark: string): Promise<Ids> {
  const today = new Date().toISOString().slice(0, 10);
  const plan = { siteId, kind: 'meals', plannedOn: today };
  const { id: inspectionId } = await owner.must<Created>('POST', '/v1/inspections', plan);
  const items = ['food_safety', 'samples', 'sterilising', 'purchases', 'menu'];
  await owner.must('POST', `/v1/inspections/${inspectionId}/carry-out`, {
    results: items.map((item) => ({ item, outcome: item === 'menu' ? 'fail' : 'pass' })),
    findings: [
      {
        item: 'menu',
        severity: 'minor',
        kind: 'meals',
        description: `${mark} 未公示食谱`,
        rectifyBy: new Date(Date.now() + 7 * 86_400_000).toISOString().slice(0, 10),
      },
    ],
  });
  const path = `/v1/findings?inspectionId=${inspectionId}`;
  const { items: findings } = await owner.must<{ items: Created[] }>('GET', path);
  const [{ id: findingId }] = findings;
  const added = await owner.must<{ evidence: Created[] }>('POST', `/v1/findings/${findingId}/evidence`, {
    document: PAPER,
  });
  return { inspectionId, findingId, evidenceId: added.evidence[0].id };
}

/** A complaint, and a roster with what belongs to it. */
export async function keepRoster(
  { owner }: Tenant,
  site: Ids,
  bookingId: string,
  mark: string,
): Promise<Ids> {
  const { siteId, staffId } = site;
  const complaint = { siteId, bookingId, category: 'food', severity: 'low', text: `${mark} 饭菜偏咸` };
  const { id: complaintId } = await owner.must<Created>('POST', '/v1/complaints', complaint);
  const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();
  const work = { staffId, siteId, purpose: 'visits' };
  const { id: shiftPatternId } = await owner.must<Created>('POST', '/v1/shift-patterns', {
    ...work,
    weekdays: [1, 2, 3, 4, 5, 6, 7],
    starts: '08:00',
    ends: '12:00',
    from: inDays(10).slice(0, 10),
  });
  const day = inDays(5).slice(0, 10);
  const { id: shiftId } = await owner.must<Created>('POST', '/v1/shifts', {
    ...work,
    start: `${day}T00:00:00Z`,
    end: `${day}T04:00:00Z`,
  });
  const { id: absenceId } = await owner.must<Created>('POST', '/v1/absences', {
    staffId,
    kind: 'leave',
    start: inDays(20),
    end: inDays(21),
  });
  const { id: certificateId } = await owner.must<Created>('POST', '/v1/certificates', {
    staffId,
    type: 'health',
    number: `${mark}-HEALTH`,
    validFrom: inDays(-30).slice(0, 10),
    validTo: inDays(300).slice(0, 10),
  });
  return { complaintId, shiftPatternId, shiftId, absenceId, certificateId };
}
