import { Injectable } from '@nestjs/common';
import { DomainError } from '@doorstep/kernel';
import { Database, pause, SYSTEM_ACTOR, type Tx } from '@doorstep/platform';

/** A site that was created a moment ago arrives as an event; a caller who names it at once waits this long for it. */
const SETTLE_MS_MAX = 2000;
const SETTLE_POLL_MS = 50;
const NAMED_MAX = 20;
const NOT_KNOWN =
  'List the sites with GET /v1/sites. When one was created a moment ago, its news is still on the way: try again in a few seconds.';

/** Which sites there are and whose they are, as facilities tells it. */
@Injectable()
export class KnownSites {
  constructor(private readonly db: Database) {}

  /**
   * Waits a bounded moment until all the sites are known, to whomever they belong. To be called before the write, so
   * that no transaction stays open meanwhile.
   */
  async settle(siteIds: readonly string[]): Promise<void> {
    if (siteIds.length === 0) return;
    const wanted = [...new Set(siteIds)];
    const deadline = Date.now() + SETTLE_MS_MAX;
    while ((await this.count(wanted)) < wanted.length && Date.now() < deadline) await pause(SETTLE_POLL_MS);
  }

  /** Refuses sites that aren't known, or aren't the operator's: the two look alike. */
  async check(operatorId: string, siteIds: readonly string[], field: string): Promise<void> {
    if (siteIds.length === 0) return;
    const unknown = await this.db.readAs(SYSTEM_ACTOR, (tx) =>
      tx.sql<{ index: number; site_id: string }>(
        `SELECT wanted.ordinality::int - 1 AS index, wanted.site_id
         FROM unnest($2::uuid[]) WITH ORDINALITY AS wanted (site_id, ordinality)
         LEFT JOIN known_site s ON s.site_id = wanted.site_id AND s.operator_id = $1
         WHERE s.site_id IS NULL ORDER BY 1`,
        [operatorId, siteIds],
      ),
    );
    if (unknown.length === 0) return;
    const ids = unknown.map(({ site_id }) => site_id);
    throw new DomainError(
      'invalid',
      'site_not_known',
      `${ids.length} site(s) aren't the operator's: ${ids[0]}.`,
      {
        mend: NOT_KNOWN,
        siteIds: ids.slice(0, NAMED_MAX),
        errors: unknown.slice(0, NAMED_MAX).map(({ index, site_id }) => ({
          field: field.includes('#') ? field.replace('#', String(index)) : `${field}[${index}]`,
          reason: `${site_id} is not a site of the operator.`,
          mend: NOT_KNOWN,
        })),
      },
    );
  }

  /** The tenant of a site that the actor may see. */
  async ownerOf(tx: Tx, siteId: string, field: string): Promise<string> {
    const [site] = await tx.sql<{ operator_id: string }>(
      `SELECT operator_id FROM known_site WHERE site_id = $1`,
      [siteId],
    );
    if (site) return site.operator_id;
    throw new DomainError('invalid', 'site_not_known', `There is no site ${siteId} that you may see.`, {
      field,
      mend: NOT_KNOWN,
    });
  }

  private async count(siteIds: readonly string[]): Promise<number> {
    const [{ known }] = await this.db.readAs(SYSTEM_ACTOR, (tx) =>
      tx.sql<{ known: number }>(`SELECT count(*)::int AS known FROM known_site WHERE site_id = ANY ($1)`, [
        siteIds,
      ]),
    );
    return known;
  }
}
