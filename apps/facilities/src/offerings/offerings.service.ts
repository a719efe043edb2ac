import { Injectable } from '@nestjs/common';
import { DomainError, newId, notFound } from '@doorstep/kernel';
import { Clock, currentActor, Database, decodeCursor, type Page, pageOf, type Tx } from '@doorstep/platform';
import { type FindOptionsWhere, Raw } from 'typeorm';
import { fieldsOf, recordChange } from '../changes';
import { refuse, type Warning } from '../faults';
import { ServiceKindEntity } from '../kinds/service-kind.entity';
import { childcareWarnings } from '../guidelines/guideline';
import { guidelineFor } from '../guidelines/guidelines.queries';
import type { SiteEntity } from '../sites/site.entity';
import { loadSite } from '../sites/sites.queries';
import { checkVersion } from '../sites/sites.service';
import { localTimeOf } from '../sites/wall-clock';
import { SpaceEntity } from '../spaces/space.entity';
import { checkMayReachSite, withTenant } from '../tenant';
import { OfferingTeller } from './offering-teller.service';
import { faultsOfTakenOff, offeringFaults } from './offering';
import { OfferingEntity } from './offering.entity';
import type {
  ChangeOfferingDto,
  CreateOfferingDto,
  OfferingDto,
  OfferingWithWarningsDto,
} from './offerings.dto';
import type { OfferingsQuery } from './offerings.query.dto';
import { columnsOf, showOffering } from './offerings.rows';

/** Offerings that one site may have, taken off ones included. */
const OFFERINGS_PER_SITE_MAX = 500;

@Injectable()
export class OfferingsService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly teller: OfferingTeller,
  ) {}

  create(siteId: string, command: CreateOfferingDto): Promise<OfferingWithWarningsDto> {
    return this.db.write(async (outer) => {
      const seen = await loadSite(outer, siteId);
      return withTenant(this.db, seen.operatorId, async (tx) => {
        const site = await loadSite(tx, siteId, { lock: true });
        await checkMayAdd(tx, siteId, command.code);
        const now = this.clock.now();
        const offering = Object.assign(new OfferingEntity(), {
          ...columnsOf(command),
          id: newId(),
          operatorId: site.operatorId,
          regionCode: site.regionCode,
          siteId,
          active: true,
          version: 1,
          createdAt: now,
          updatedAt: now,
        });
        await checkOffering(tx, offering, site);
        await tx.manager.insert(OfferingEntity, offering);
        await this.teller.tell(tx, [offering]);
        const { id, operatorId, code } = offering;
        recordChange(tx, now, {
          action: 'offerings:create',
          entity: id,
          operatorId,
          facts: { siteId, code },
        });
        return { ...showOffering(offering), warnings: await this.warnings(tx, offering, site) };
      });
    });
  }

  change(id: string, command: ChangeOfferingDto): Promise<OfferingWithWarningsDto> {
    return this.db.write(async (outer) => {
      const seen = await loadOffering(outer, id);
      return withTenant(this.db, seen.operatorId, async (tx) => {
        const site = await loadSite(tx, seen.siteId, { lock: true });
        const former = await loadOffering(tx, id);
        checkVersion(former, command.version);
        if (command.code !== undefined && command.code !== former.code) {
          await checkMayAdd(tx, site.id, command.code);
        }
        const merged = columnsOf({ ...showOffering(former), ...withoutUndefined(command) });
        const changes = {
          ...merged,
          active: command.active ?? former.active,
          version: former.version + 1,
          updatedAt: this.clock.now(),
        };
        const offering = Object.assign(former, changes);
        await checkOffering(tx, offering, site);
        await tx.manager.update(OfferingEntity, { id }, changes);
        await this.teller.tell(tx, [offering]);
        const { operatorId, siteId, updatedAt } = offering;
        const facts = { siteId, fields: fieldsOf(command) };
        recordChange(tx, updatedAt, { action: 'offerings:update', entity: id, operatorId, facts });
        return { ...showOffering(offering), warnings: await this.warnings(tx, offering, site) };
      });
    });
  }

  find(id: string): Promise<OfferingWithWarningsDto> {
    return this.db.read(async (tx) => {
      const offering = await loadOffering(tx, id);
      const site = await loadSite(tx, offering.siteId);
      return { ...showOffering(offering), warnings: await this.warnings(tx, offering, site) };
    });
  }

  list(query: OfferingsQuery): Promise<Page<OfferingDto>> {
    const after = decodeCursor(query.cursor, 1);
    return this.db.read(async (tx) => {
      if (query.siteId) await loadSite(tx, query.siteId);
      const rows = await tx.manager.find(OfferingEntity, {
        where: offeringsWhere(query, currentActor().siteIds, after && String(after[0])),
        order: { id: 'ASC' },
        take: query.limit + 1,
      });
      return pageOf(rows, query.limit, (row) => [row.id], showOffering);
    });
  }

  private async warnings(tx: Tx, offering: OfferingEntity, site: SiteEntity): Promise<Warning[]> {
    if (offering.kind !== 'childcare') return [];
    const today = localTimeOf(this.clock.now(), site.timeZone).day;
    return childcareWarnings(offering, await guidelineFor(tx, site.regionCode, today));
  }
}

async function loadOffering(tx: Tx, id: string): Promise<OfferingEntity> {
  const offering = await tx.manager.findOneBy(OfferingEntity, { id });
  const { siteIds } = currentActor();
  if (!offering || (siteIds && !siteIds.includes(offering.siteId))) throw notFound('offering', id);
  checkMayReachSite(offering.siteId);
  return offering;
}

/** Looks at everything that an offering's rules depend on. */
async function checkOffering(tx: Tx, offering: OfferingEntity, site: SiteEntity): Promise<void> {
  const kind = await tx.manager.findOneBy(ServiceKindEntity, { code: offering.kind });
  const space =
    offering.spaceId === null
      ? null
      : await tx.manager.findOneBy(SpaceEntity, { id: offering.spaceId, siteId: site.id });
  const around = {
    kind: kind ?? undefined,
    site: { regionCode: site.regionCode, weekly: site.openingHours },
    space: space ?? undefined,
  };
  const faults = offering.active ? offeringFaults(offering, around) : faultsOfTakenOff(offering, around);
  refuse('offering_invalid', 'The offering cannot be entered like this', faults);
}

async function checkMayAdd(tx: Tx, siteId: string, code: string): Promise<void> {
  const taken = await tx.manager.findOneBy(OfferingEntity, { siteId, code });
  if (taken) {
    throw new DomainError('conflict', 'offering_code_taken', `The site has an offering ${code} already.`, {
      field: 'code',
      mend: 'Give another code, or change that offering.',
      offeringId: taken.id,
    });
  }
  if ((await tx.manager.countBy(OfferingEntity, { siteId })) < OFFERINGS_PER_SITE_MAX) return;
  throw new DomainError(
    'conflict',
    'offerings_full',
    `A site has at most ${OFFERINGS_PER_SITE_MAX} offerings.`,
    {
      mend: 'Change one that has been taken off.',
    },
  );
}

function offeringsWhere(
  { siteId, kind, mode, active, regionCode }: OfferingsQuery,
  siteIds: string[] | undefined,
  afterId: string | undefined,
): FindOptionsWhere<OfferingEntity> {
  return {
    ...(kind && { kind }),
    ...(mode && { mode }),
    ...(active && { active: active === 'true' }),
    ...(regionCode && { regionCode: Raw((column) => `${column} ^@ :regionCode`, { regionCode }) }),
    ...(afterId && { id: Raw((column) => `${column} > :afterId`, { afterId }) }),
    ...(siteId && { siteId }),
    ...(!siteId && siteIds && { siteId: Raw((column) => `${column} = ANY (:siteIds)`, { siteIds }) }),
  };
}

function withoutUndefined<T extends object>(fields: T): Partial<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<T>;
}
