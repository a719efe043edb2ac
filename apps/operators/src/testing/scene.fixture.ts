import { event, OfferingSnapshot, SiteSnapshot } from '@doorstep/contracts';
import { newId } from '@doorstep/kernel';
import type { Actor } from '@doorstep/platform';
import { Register, type ServiceUnderTest } from './register.fixture';

const PERSON = `INSERT INTO person (id, operator_id, organisation_id, login, name, roles, status, password_hash,
  password_must_change, version, created_at) VALUES ($1, $2, $3, $4, 'x', $5, 'active', 'x', false, 1, now())`;
let count = 0;

/** A site as facilities would tell it. */
export function aSite(operatorId: string, changes: Partial<SiteSnapshot> = {}): SiteSnapshot {
  count += 1;
  return event(SiteSnapshot, {
    operatorId,
    siteId: newId(),
    code: `HP-${String(count).padStart(4, '0')}`,
    nameZh: `东门社区第${count}站`,
    regionCode: '310101002001',
    status: 'operating',
    lng: 121.49,
    lat: 31.23,
    timeZone: 'Asia/Shanghai',
    openingHours: [{ weekday: 1, opens: '08:00', closes: '20:00' }],
    openingExceptions: [],
    version: 1,
    at: '2026-11-01T00:00:00.000Z',
    ...changes,
  });
}

/** A lunch as facilities would tell it. */
export function anOffering(
  operatorId: string,
  siteId: string,
  changes: Partial<OfferingSnapshot> = {},
): OfferingSnapshot {
  return event(OfferingSnapshot, {
    operatorId,
    offeringId: newId(),
    siteId,
    code: 'LUNCH',
    nameZh: '午餐',
    kind: 'meals',
    mode: 'session',
    delivery: 'on_site',
    capacityModel: 'seats',
    capacity: 20,
    skills: [],
    schedule: [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({ weekday, starts: '11:30', ends: '12:30' })),
    leadMinutes: 0,
    cutoffMinutes: 60,
    bufferMinutes: 0,
    active: true,
    version: 1,
    at: '2026-11-01T00:00:00.000Z',
    ...changes,
  });
}

/** One authority and one operator with people who may sign. */
export interface Scene {
  register: Register;
  operatorId: string;
  authorityId: string;
  owner: Actor;
  official: Actor;
}

export async function aScene(service: ServiceUnderTest, regionPrefix = '310101'): Promise<Scene> {
  const register = new Register(service);
  const operatorId = await register.operator();
  const authorityId = await register.authority(regionPrefix);
  const person = { id: newId(), kind: 'person' as const, operatorId: null, regionPrefix: null };
  const owner: Actor = { ...person, organisationId: operatorId, operatorId, roles: ['owner'] };
  const official: Actor = {
    ...person,
    id: newId(),
    organisationId: authorityId,
    regionPrefix,
    roles: ['authority'],
  };
  await service.db.query(PERSON, [owner.id, operatorId, operatorId, `o${owner.id}`, ['owner']]);
  await service.db.query(PERSON, [official.id, null, authorityId, `a${official.id}`, ['authority']]);
  return { register, operatorId, authorityId, owner, official };
}

/** Delivers new sites of an operator and gives their ids. */
export async function someSites(
  service: ServiceUnderTest,
  operatorId: string,
  many: number,
  changes: Partial<SiteSnapshot> = {},
): Promise<string[]> {
  const sites = Array.from({ length: many }, () => aSite(operatorId, changes));
  await service.deliver(...sites);
  return sites.map(({ siteId }) => siteId);
}

export const draftBody = (scene: Scene, changes: Record<string, unknown> = {}) => ({
  number: `HP-${newId().slice(-10)}`,
  title: '嵌入式社区服务设施连锁运营合同',
  authorityId: scene.authorityId,
  operatorId: scene.operatorId,
  form: 'chain',
  from: '2026-12-01',
  to: '2029-12-01',
  settlementCycle: 'monthly',
  services: [{ kind: 'meals', priceCeilingFen: 2500 }, { kind: 'sports' }],
  ...changes,
});

/** What the life of a contract needs of the API. */
export class Contracts {
  constructor(
    private readonly service: ServiceUnderTest,
    private readonly scene: Scene,
  ) {}

  async draft(siteIds: string[] = [], changes: Record<string, unknown> = {}): Promise<string> {
    const { owner } = this.scene;
    const body = draftBody(this.scene, changes);
    const { id } = (await this.service.as(owner).post('/v1/contracts').send(body).expect(201)).body;
    if (siteIds.length > 0) {
      const sites = siteIds.map((siteId) => ({ siteId }));
      await this.service.as(owner).post(`/v1/contracts/${id}/sites`).send({ sites }).expect(201);
    }
    return String(id);
  }

  async signed(siteIds: string[] = [], changes: Record<string, unknown> = {}): Promise<string> {
    const id = await this.draft(siteIds, changes);
    for (const actor of [this.scene.owner, this.scene.official]) {
      await this.service.as(actor).post(`/v1/contracts/${id}/signatures`).send({}).expect(201);
    }
    return id;
  }

  async active(siteIds: string[] = [], changes: Record<string, unknown> = {}): Promise<string> {
    const id = await this.signed(siteIds, changes);
    await this.service.as(this.scene.owner).post(`/v1/contracts/${id}/activate`).expect(200);
    return id;
  }
}
