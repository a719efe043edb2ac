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
