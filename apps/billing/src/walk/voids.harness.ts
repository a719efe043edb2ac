import type { Step, Walk } from './walk.harness';

/* What one person proposed to void or correct above the limit, and others decide. */

async function decideVoid(walk: Walk): Promise<void> {
  const { dice } = walk;
  const which = dice.chance(0.9) ? `WHERE status = 'proposed'` : '';
  const found = await walk.pick<{ id: string }>(`SELECT id FROM payment_void ${which} ORDER BY id`);
  const what = dice.of(['approve', 'approve', 'approve', 'approve', 'reject', 'withdraw']);
  if (found) await walk.post(`payment-voids/${found.id}/${what}`, {}, walk.someone());
}

/** As a month wants it to be closed. */
export async function rejectVoids(walk: Walk): Promise<void> {
  const waiting = `SELECT id FROM payment_void WHERE status = 'proposed' ORDER BY id`;
  for (const { id } of await walk.rows<{ id: string }>(waiting))
    await walk.post(`payment-voids/${id}/reject`, {}, walk.stage.owners[1]);
}

export const voidSteps: Step[] = [{ name: 'decide void', weight: 6, play: decideVoid }];
