import { currentActor, type Database, decodeCursor, type Page, pageOf } from '@doorstep/platform';

/** Sites at which something takes no new bookings, each with what it is, for want of a licence or after an inspection. */
export function blockedSites<Block>(
  db: Database,
  standing: 'site_licence_standing' | 'site_inspection_standing',
  { limit, cursor }: { limit: number; cursor?: string },
): Promise<Page<{ siteId: string; blocks: Block[] }>> {
  const after = decodeCursor(cursor, 1);
  return db.read(async (tx) => {
    const rows = await tx.sql<{ siteId: string; blocks: Block[] }>(
      `SELECT site_id AS "siteId", blocks FROM ${standing}
       WHERE blocks <> '[]' AND ($1::uuid IS NULL OR site_id > $1) AND ($2::uuid[] IS NULL OR site_id = ANY ($2))
       ORDER BY site_id LIMIT $3`,
      [after ? String(after[0]) : null, currentActor().siteIds ?? null, limit + 1],
    );
    return pageOf(
      rows,
      limit,
      ({ siteId }) => [siteId],
      (row) => row,
    );
  });
}
