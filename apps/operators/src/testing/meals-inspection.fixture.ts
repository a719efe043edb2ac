import type { Actor } from '@doorstep/platform';
import type { Test } from 'supertest';
import type { Desk } from './desk.fixture';

const MEALS = ['food_safety', 'samples', 'sterilising', 'purchases', 'menu'];

/** Inspections by the checklist for meals that every place has. */
export class MealsInspections {
  constructor(private readonly desk: Desk) {}

  async plan(siteId: string, actor: Actor): Promise<string> {
    const body = { siteId, kind: 'meals', plannedOn: '2026-12-05' };
    return String((await this.desk.post(actor, '/v1/inspections', body).expect(201)).body.id);
  }

  carryOut(id: string, actor: Actor, failed: string[], findings: object[]): Test {
    const results = MEALS.map((item) => ({ item, outcome: failed.includes(item) ? 'fail' : 'pass' }));
    return this.desk.post(actor, `/v1/inspections/${id}/carry-out`, { results, findings });
  }

  async findingsOf(inspectionId: string): Promise<{ id: string }[]> {
    const path = `/v1/findings?inspectionId=${inspectionId}`;
    return (await this.desk.service.as(this.desk.owner).get(path).expect(200)).body.items;
  }

  severe(changes: object = {}): object {
    const what = { item: 'food_safety', severity: 'severe', kind: 'meals', description: '冷藏柜超温' };
    return { ...what, rectifyBy: '2026-12-12', ...changes };
  }
}
