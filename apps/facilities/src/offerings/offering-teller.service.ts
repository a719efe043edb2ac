import { Injectable } from '@nestjs/common';
import { Clock, type Tx } from '@doorstep/platform';
import { In } from 'typeorm';
import { blockedBy } from '../spaces/space';
import { SpaceEntity } from '../spaces/space.entity';
import { OfferingEntity } from './offering.entity';
import { offeringSnapshot } from './offerings.events';

/** Tells of offerings, with the spaces that each of them blocks. */
@Injectable()
export class OfferingTeller {
  constructor(private readonly clock: Clock) {}

  async tell(tx: Tx, offerings: OfferingEntity[]): Promise<void> {
    const siteIds = offerings.filter(({ spaceId }) => spaceId !== null).map(({ siteId }) => siteId);
    const spaces = siteIds.length > 0 ? await tx.manager.findBy(SpaceEntity, { siteId: In(siteIds) }) : [];
    const now = this.clock.now();
    for (const offering of offerings) {
      const onSite = spaces.filter(({ siteId }) => siteId === offering.siteId);
      const blocked = offering.spaceId === null ? [] : blockedBy(onSite, offering.spaceId);
      tx.tell(offeringSnapshot(offering, blocked, now));
    }
  }

  /** The tree of spaces changed: offerings on it block other spaces than before, and are told anew. */
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
