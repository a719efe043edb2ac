import { Injectable } from '@nestjs/common';
import { event, SiteRatingSnapshot } from '@doorstep/contracts';
import { type Day, DomainError, newId } from '@doorstep/kernel';
import { Clock, currentActor, Database, decodeCursor, type Page, pageOf, type Tx } from '@doorstep/platform';
import { AuditLog } from '../audit/audit.service';
import { Calendar } from '../shared/calendar.service';
import { nearestFirst } from '../shared/regional-rule';
import { holdRules } from '../shared/regional-rules.service';
import { KnownSites } from '../sites/known-sites.service';
import { looksAgainOn, type RatingRule, starsBy } from './rating';
import type { ReleaseRatingDto, SetRatingDto, SiteRatingDto, SiteRatingsQuery } from './site-ratings.dto';
import {
  lockRating,
  type RatingFacts,
  ratingHistory,
  type RatingRow,
  ratingRules,
  ratingsToLookAt,
  saveRating,
} from './site-ratings.queries';

const SITES_PER_ROUND = 200;

/** Sites' stars: by the rule of the region, or set by an authority until it gives them back to the rule. */
@Injectable()
export class SiteRatings {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly calendar: Calendar,
    private readonly audit: AuditLog,
    private readonly knownSites: KnownSites,
  ) {}

  /** In the transaction that changed what the stars are made of. */
  async refresh(tx: Tx, siteId: string): Promise<void> {
    const today = this.calendar.today();
    const facts = await lockRating(tx, siteId, today);
    if (!facts) return;
    await holdRules(tx, 'rating_rule');
    const rules = await ratingRules(tx, today);
    const [rule] = nearestFirst(rules, facts.regionCode, today);
    if (facts.current?.basis !== 'set') await this.byRule(tx, facts, rule, today);
    const days = rules.flatMap(({ from, to }) => [from, to]);
    const again = [...days, rule ? looksAgainOn(rule, facts.scored, today) : null];
    const ahead = again.filter((day): day is Day => day !== null && day > today).sort();
    await tx.sql(`UPDATE site_rating_standing SET look_on = $2 WHERE site_id = $1`, [
      siteId,
      ahead[0] ?? null,
    ]);
  }

  /** What a new day or a new rule has changed. */
  async turn(): Promise<void> {
    for (;;) {
      const siteIds = await this.db.read((tx) => ratingsToLookAt(tx, this.calendar.today(), SITES_PER_ROUND));
      if (siteIds.length === 0) return;
      for (const siteId of siteIds) await this.db.write((tx) => this.refresh(tx, siteId));
    }
  }

  async set({ siteId, stars, reason }: SetRatingDto): Promise<SiteRatingDto> {
    await this.knownSites.settle([siteId]);
    return this.db.write(async (tx) => {
      const facts = await this.locked(tx, siteId);
      const rating = {
        id: newId(),
        stars,
        basis: 'set' as const,
        rule_id: null,
        score_bp: null,
        inspections: null,
        reason: reason.trim(),
        set_by_organisation_id: currentActor().organisationId,
        created_at: this.clock.now(),
      };
      await saveRating(tx, facts, this.calendar.today(), rating);
      await this.record(tx, 'ratings:set', facts, { stars });
      await this.tell(tx, facts);
      return this.current(tx, siteId);
    });
  }

  release({ siteId }: ReleaseRatingDto): Promise<void> {
    return this.db.write(async (tx) => {
      const facts = await this.locked(tx, siteId);
      if (facts.current?.basis !== 'set') {
        throw new DomainError('conflict', 'rating_not_set', 'The stars are not set by an authority.', {
          mend: 'Nothing needs to be done: the rule decides already.',
        });
      }
      const today = this.calendar.today();
      const [rule] = nearestFirst(await ratingRules(tx, today), facts.regionCode, today);
      await this.byRule(tx, facts, rule, today);
      await this.record(tx, 'ratings:release', facts, {});
      await this.refresh(tx, siteId);
    });
  }

  list(query: SiteRatingsQuery): Promise<Page<SiteRatingDto>> {
    const after = decodeCursor(query.cursor, 1);
    const { siteIds } = currentActor();
    return this.db.read(async (tx) => {
      const rows = await tx.sql<RatingRow>(
        `SELECT * FROM site_rating
         WHERE ($1::uuid IS NULL OR id > $1) AND ($2::uuid IS NULL OR site_id = $2)
           AND ($3::date IS NULL OR (from_day <= $3 AND (to_day IS NULL OR to_day > $3)))
           AND ($4::uuid[] IS NULL OR site_id = ANY ($4))
         ORDER BY id LIMIT $5`,
        [
          after ? String(after[0]) : null,
          query.siteId ?? null,
          query.asOf ?? null,
          siteIds ?? null,
          query.limit + 1,
        ],
      );
      return pageOf(rows, query.limit, (row) => [row.id], show);
    });
  }

  private async locked(tx: Tx, siteId: string): Promise<RatingFacts> {
    await this.knownSites.ownerOf(tx, siteId, 'siteId');
    return (await lockRating(tx, siteId, this.calendar.today())) as RatingFacts;
  }

  private async byRule(tx: Tx, facts: RatingFacts, rule: RatingRule | undefined, today: Day): Promise<void> {
    const rating = rule && starsBy(rule, facts.scored, facts.severeOpen, today);
    const { current } = facts;
    if (current?.basis === 'rule' && current.stars === rating?.stars) return;
    if (!current && !rating) return;
    const next = rating &&
      rule && {
        id: newId(),
        stars: rating.stars,
        basis: 'rule' as const,
        rule_id: rule.id,
        score_bp: rating.scoreBp,
        inspections: rating.inspections,
        reason: null,
        set_by_organisation_id: null,
        created_at: this.clock.now(),
      };
    await saveRating(tx, facts, today, next);
    await this.tell(tx, facts);
  }

  private async tell(tx: Tx, { siteId, operatorId, version }: RatingFacts): Promise<void> {
    await tx.sql(`UPDATE site_rating_standing SET version = version + 1 WHERE site_id = $1`, [siteId]);
    const history = await ratingHistory(tx, siteId);
    const stars = history.find(({ to_day }) => to_day === null)?.stars;
    const ratings = history.map(({ stars: each, from_day: from, to_day: to, basis }) => ({
      stars: each,
      from,
      ...(to !== null && { to }),
      basis,
    }));
    const at = this.clock.now().toISOString();
    const told = {
      operatorId,
      siteId,
      ...(stars !== undefined && { stars }),
      ratings,
      version: version + 1,
      at,
    };
    tx.tell(event(SiteRatingSnapshot, told));
  }

  private async current(tx: Tx, siteId: string): Promise<SiteRatingDto> {
    const [row] = await tx.sql<RatingRow>(`SELECT * FROM site_rating WHERE site_id = $1 AND to_day IS NULL`, [
      siteId,
    ]);
    return show(row);
  }

  private record(tx: Tx, action: string, facts: RatingFacts, more: Record<string, unknown>): Promise<void> {
    const { siteId: entityId, operatorId } = facts;
    return this.audit.record(tx, { action, entityId, operatorId, facts: more });
  }
}

function show(row: RatingRow): SiteRatingDto {
  return {
    id: row.id,
    siteId: row.site_id,
    stars: row.stars,
    from: row.from_day,
    to: row.to_day,
    basis: row.basis,
    ruleId: row.rule_id,
    scoreBp: row.score_bp,
    inspections: row.inspections,
    reason: row.reason,
  };
}
