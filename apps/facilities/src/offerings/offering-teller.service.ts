import { Injectable } from '@nestjs/common';
import { Clock, type Tx } from '@doorstep/platform';
import { In, IsNull, MoreThan } from 'typeorm';
import { blockedBy } from '../spaces/space';
import { SpaceClosureEntity } from '../spaces/space-closure.entity';
import { SpaceEntity } from '../spaces/space.entity';
import { OfferingEntity } from './offering.entity';
import { offeringSnapshot, type SpaceState } from './offerings.events';

/** Tells of offerings, with the spaces that each of them blocks and when those are closed. */
@Injectable()
export class OfferingTeller {
  constructor(private readonly clock: Clock) {}

  async tell(tx: Tx, offerings: OfferingEntity[]): Promise<void> {
    const now = this.clock.now();
    const siteIds = [
      ...new Set(offerings.filter(({ spaceId }) => spaceId !== null).map(({ siteId }) => siteId)),
    ];
    const spaces = siteIds.length > 0 ? await tx.manager.findBy(SpaceEntity, { siteId: In(siteIds) }) : [];
    const closures =
      siteIds.length > 0
        ? await tx.manager.find(SpaceClosureEntity, {
            where: { siteId: In(siteIds), cancelledAt: IsNull(), endsAt: MoreThan(now) },
            order: { startsAt: 'ASC', id: 'ASC' },
          })
        : [];
    for (const offering of offerings)
      tx.tell(offeringSnapshot(offering, stateOf(offering, spaces, closures), now));
  }

  /** Something about these spaces changed: offerings on them block others than before, or at other times. */
  async spacesChanged(tx: Tx, spaceIds: string[]): Promise<void> {
    const offerings = await tx.manager.find(OfferingEntity, {
      where: { spaceId: In(spaceIds) },
      order: { id: 'ASC' },
      lock: { mode: 'pessimistic_write' },
    });
    const updatedAt = this.clock.now();
    for (const offering of offerings) {
      Object.assign(offering, { version: offering.version + 1, updatedAt });
      const { version } = offering;
      await tx.manager.update(OfferingEntity, { id: offering.id }, { version, updatedAt });
    }
    await this.tell(tx, offerings);
  }
}

function stateOf(
  { siteId, spaceId }: OfferingEntity,
  spaces: SpaceEntity[],
  closures: SpaceClosureEntity[],
): SpaceState {
  if (spaceId === null) return { blockedSpaceIds: [], closures: [] };
  const blockedSpaceIds = blockedBy(
    spaces.filter((space) => space.siteId === siteId),
    spaceId,
  );
  return {
    blockedSpaceIds,
    closures: closures
      .filter((closure) => blockedSpaceIds.includes(closure.spaceId))
      .map(({ startsAt, endsAt }) => ({ start: startsAt.toISOString(), end: endsAt.toISOString() })),
  };
}
