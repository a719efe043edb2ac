import { Injectable } from '@nestjs/common';
import { notFound } from '@doorstep/kernel';
import { Clock, currentActor, currentContext, Database, type Tx } from '@doorstep/platform';
import { assertNotMerged } from './merged.queries';
import { ResidentKeys } from './resident-keys.service';
import { seal, unseal } from './sealing';
import { DIETS_OF, KEEP_DIET, LOG_VIEWS } from '../meals/meals.queries';
import { type Diet, NO_DIET } from '../meals/menu';
import type { FoodDto } from '../meals/menus.dto';

/** What residents do not bear or eat: health data, sealed under their own keys, opened to choose and to cook. */
@Injectable()
export class Diets {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly keys: ResidentKeys,
  ) {}

  put(residentId: string, { allergens, diets, texture }: FoodDto): Promise<void> {
    return this.db.write(async (tx) => {
      await assertNotMerged(tx, residentId);
      await this.keep(tx, residentId, { allergens, diets, texture });
    });
  }

  async keep(tx: Tx, residentId: string, diet: Diet): Promise<void> {
    const key = (await this.keys.of(tx, [residentId])).get(residentId);
    if (!key) throw notFound('resident', residentId);
    const sealed = seal(key, JSON.stringify(diet), about(residentId));
    const kept = await tx.sql(KEEP_DIET, [residentId, sealed]);
    if (kept.length === 0) throw notFound('resident', residentId);
  }

  /** The full view, and so written down. */
  find(residentId: string): Promise<Diet> {
    return this.db.write(async (tx) => {
      const [known] = await tx.sql(`SELECT FROM resident WHERE id = $1`, [residentId]);
      if (!known) throw notFound('resident', residentId);
      await this.log(tx, [residentId]);
      return (await this.of(tx, [residentId])).get(residentId) ?? NO_DIET;
    });
  }

  /** Diets of those who have told one and whose key is there. */
  async of(tx: Tx, residentIds: readonly string[]): Promise<Map<string, Diet>> {
    const rows = await tx.sql<{ residentId: string; sealed: Buffer }>(DIETS_OF, [residentIds]);
    const keys = await this.keys.of(
      tx,
      rows.map(({ residentId }) => residentId),
    );
    const diets = new Map<string, Diet>();
    for (const { residentId, sealed } of rows) {
      const key = keys.get(residentId);
      if (key)
        diets.set(residentId, JSON.parse(unseal(key, sealed, about(residentId)).toString('utf8')) as Diet);
    }
    return diets;
  }

  async log(tx: Tx, residentIds: readonly string[]): Promise<void> {
    const { id, kind } = currentActor();
    await tx.sql(LOG_VIEWS, [residentIds, id, kind, currentContext().correlationId, this.clock.now()]);
  }
}

function about(residentId: string): string {
  return `diet of ${residentId}`;
}
