import type { Tx } from '@doorstep/platform';
import type { EntityTarget, ObjectLiteral, QueryDeepPartialEntity } from 'typeorm';

/**
 * Inserts a row unless a unique constraint finds one like it, also one that row-level security hides from the actor.
 *
 * @returns false when it was there already; the transaction goes on
 */
export async function insertOnce<Row extends ObjectLiteral>(
  tx: Tx,
  Entity: EntityTarget<Row>,
  row: QueryDeepPartialEntity<Row>,
): Promise<boolean> {
  const result = await tx.manager
    .createQueryBuilder()
    .insert()
    .into(Entity)
    .values(row)
    .orIgnore()
    .returning('id')
    .updateEntity(false)
    .execute();
  return (result.raw as unknown[]).length > 0;
}
