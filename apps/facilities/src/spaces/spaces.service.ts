import { Injectable } from '@nestjs/common';
import { DomainError, newId, notFound } from '@doorstep/kernel';
import { Clock, Database, decodeCursor, type Page, pageOf, type Tx } from '@doorstep/platform';
import { In, MoreThan } from 'typeorm';
import { fieldsOf, recordChange } from '../changes';
import { OfferingEntity } from '../offerings/offering.entity';
import { OfferingTeller } from '../offerings/offering-teller.service';
import { loadSite } from '../sites/sites.queries';
import { withTenant } from '../tenant';
import { checkParent, partsOf, SPACES_PER_SITE_MAX, treeOf } from './space';
import { SpaceEntity } from './space.entity';
import type { ChangeSpaceDto, CreateSpaceDto, SpaceDto, SpacesQuery } from './spaces.dto';

@Injectable()
export class SpacesService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly teller: OfferingTeller,
  ) {}

  create(siteId: string, command: CreateSpaceDto): Promise<SpaceDto> {
    return this.onSite(siteId, async (tx, { operatorId, regionCode }) => {
      const spaces = await tx.manager.findBy(SpaceEntity, { siteId });
      checkRoomForOneMore(spaces);
      checkName(spaces, command.name);
      if (command.parentId) checkParent(spaces, command.parentId);
      const now = this.clock.now();
      const space: SpaceEntity = {
        id: newId(),
        operatorId,
        regionCode,
        siteId,
        name: command.name,
        kind: command.kind,
        parentId: command.parentId ?? null,
        capacity: command.capacity,
        active: true,
        version: 1,
        createdAt: now,
        updatedAt: now,
      };
      await tx.manager.insert(SpaceEntity, space);
      if (space.parentId) await this.teller.spacesChanged(tx, treeOf([...spaces, space], space.id));
      const facts = { siteId, name: space.name };
      recordChange(tx, now, { action: 'spaces:create', entity: space.id, operatorId, facts });
      return show(space);
    });
  }

  change(siteId: string, id: string, command: ChangeSpaceDto): Promise<SpaceDto> {
    return this.onSite(siteId, async (tx, { operatorId }) => {
      const spaces = await tx.manager.findBy(SpaceEntity, { siteId });
      const former = spaces.find((space) => space.id === id);
      if (!former) throw notFound('space', id);
      if (command.name !== undefined && command.name !== former.name) checkName(spaces, command.name);
      if (command.parentId) checkParent(spaces, command.parentId, id);
      await checkOfferings(tx, { id, parts: partsOf(spaces, id) }, command);
      const changes = { ...command, version: former.version + 1, updatedAt: this.clock.now() };
      await tx.manager.update(SpaceEntity, { id }, changes);
      const space = { ...former, ...changes };
      if (space.parentId !== former.parentId) {
        const moved = spaces.map((each) => (each.id === id ? space : each));
        await this.teller.spacesChanged(tx, [...treeOf(spaces, id), ...treeOf(moved, id)]);
      }
      const facts = { siteId, fields: fieldsOf(command) };
      recordChange(tx, changes.updatedAt, { action: 'spaces:update', entity: id, operatorId, facts });
      return show(space);
    });
  }

  list(siteId: string, query: SpacesQuery): Promise<Page<SpaceDto>> {
    const after = decodeCursor(query.cursor, 1);
    return this.db.read(async (tx) => {
      await loadSite(tx, siteId);
      const rows = await tx.manager.find(SpaceEntity, {
        where: {
          siteId,
          ...(query.active && { active: query.active === 'true' }),
          ...(after && { id: MoreThan(String(after[0])) }),
        },
        order: { id: 'ASC' },
        take: query.limit + 1,
      });
      return pageOf(rows, query.limit, (row) => [row.id], show);
    });
  }

  /** The site's row is locked, so its tree of spaces changes by one hand at a time. */
  private onSite<T>(
    siteId: string,
    work: (tx: Tx, site: { operatorId: string; regionCode: string }) => Promise<T>,
  ): Promise<T> {
    return this.db.write(async (outer) => {
      const { operatorId } = await loadSite(outer, siteId);
      return withTenant(this.db, operatorId, async (tx) =>
        work(tx, await loadSite(tx, siteId, { lock: true })),
      );
    });
  }
}

function checkRoomForOneMore(spaces: SpaceEntity[]): void {
  if (spaces.length < SPACES_PER_SITE_MAX) return;
  throw new DomainError('conflict', 'spaces_full', `A site has at most ${SPACES_PER_SITE_MAX} spaces.`, {
    mend: 'Use those that are out of use again, under another name.',
  });
}

function checkName(spaces: SpaceEntity[], name: string): void {
  const taken = spaces.find((space) => space.name === name);
  if (!taken) return;
  throw new DomainError('conflict', 'space_name_taken', `The site has a space ${name} already.`, {
    field: 'name',
    mend: 'Give another name, or change that space.',
    spaceId: taken.id,
  });
}

/** A space that offerings stand on, or on a part of it, can't go, nor become too small for those on itself. */
async function checkOfferings(
  tx: Tx,
  { id, parts }: { id: string; parts: string[] },
  { active, capacity }: ChangeSpaceDto,
): Promise<void> {
  if (active !== false && capacity === undefined) return;
  const offerings = await tx.manager.findBy(OfferingEntity, { spaceId: In([id, ...parts]), active: true });
  const hindering = offerings.filter(
    (offering) =>
      active === false ||
      (offering.spaceId === id &&
        offering.capacityModel !== 'exclusive' &&
        offering.capacity > (capacity ?? offering.capacity)),
  );
  if (hindering.length === 0) return;
  throw new DomainError('conflict', 'space_in_use', 'Offerings stand on this space or its parts.', {
    field: active === false ? 'active' : 'capacity',
    mend: `Change these offerings first: ${hindering.map(({ code }) => code).join(', ')}.`,
    offeringIds: hindering.map(({ id }) => id),
  });
}

function show({ id, siteId, name, kind, parentId, capacity, active, version }: SpaceEntity): SpaceDto {
  return { id, siteId, name, kind, parentId, capacity, active, version };
}
