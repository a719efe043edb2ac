import { Injectable } from '@nestjs/common';
import { DomainError, newId, notFound } from '@doorstep/kernel';
import { Clock, Database, decodeCursor, type Page, pageOf, type Tx } from '@doorstep/platform';
import { IsNull, LessThan, MoreThan } from 'typeorm';
import { recordChange } from '../changes';
import { OfferingTeller } from '../offerings/offering-teller.service';
import { loadSite } from '../sites/sites.queries';
import { withTenant } from '../tenant';
import { checkClosure, CLOSURES_PER_SITE_MAX } from './closure';
import type { CloseSpaceDto, ClosureDto, ClosuresQuery } from './closures.dto';
import { blockedBy } from './space';
import { SpaceClosureEntity } from './space-closure.entity';
import { SpaceEntity } from './space.entity';

/** Maintenance: a space, and with it whatever blocks it, can't be used for a while. */
@Injectable()
export class ClosuresService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly teller: OfferingTeller,
  ) {}

  close(siteId: string, spaceId: string, command: CloseSpaceDto): Promise<ClosureDto> {
    return this.onSpace(siteId, spaceId, async (tx, space) => {
      const now = this.clock.now();
      const span = { startsAt: new Date(command.startsAt), endsAt: new Date(command.endsAt) };
      checkClosure(span, now);
      await checkRoomForOneMore(tx, siteId, now);
      await checkNotClosedAlready(tx, spaceId, span);
      const { operatorId, regionCode } = space;
      const closure: SpaceClosureEntity = {
        ...{ id: newId(), operatorId, regionCode, siteId, spaceId, ...span },
        ...{ reason: command.reason, cancelledAt: null, createdAt: now },
      };
      await tx.manager.insert(SpaceClosureEntity, closure);
      await this.tell(tx, siteId, spaceId);
      recordChange(tx, now, {
        action: 'spaces:close',
        entity: spaceId,
        operatorId,
        facts: { siteId, ...span },
      });
      return show(closure);
    });
  }

  cancel(siteId: string, spaceId: string, id: string): Promise<ClosureDto> {
    return this.onSpace(siteId, spaceId, async (tx) => {
      const closure = await tx.manager.findOneBy(SpaceClosureEntity, { id, spaceId });
      if (!closure) throw notFound('closure', id);
      if (closure.cancelledAt) return show(closure);
      closure.cancelledAt = this.clock.now();
      await tx.manager.update(SpaceClosureEntity, { id }, { cancelledAt: closure.cancelledAt });
      await this.tell(tx, siteId, spaceId);
      const { operatorId, cancelledAt } = closure;
      const facts = { siteId, closureId: id };
      recordChange(tx, cancelledAt, { action: 'spaces:cancel-closure', entity: spaceId, operatorId, facts });
      return show(closure);
    });
  }

  list(siteId: string, spaceId: string, query: ClosuresQuery): Promise<Page<ClosureDto>> {
    const after = decodeCursor(query.cursor, 1);
    return this.db.read(async (tx) => {
      await loadSite(tx, siteId);
      await loadSpace(tx, siteId, spaceId);
      const rows = await tx.manager.find(SpaceClosureEntity, {
        where: {
          spaceId,
          ...(query.show === 'coming' && { cancelledAt: IsNull(), endsAt: MoreThan(this.clock.now()) }),
          ...(after && { id: MoreThan(String(after[0])) }),
        },
        order: { id: 'ASC' },
        take: query.limit + 1,
      });
      return pageOf(rows, query.limit, (row) => [row.id], show);
    });
  }

  private onSpace<T>(
    siteId: string,
    spaceId: string,
    work: (tx: Tx, space: SpaceEntity) => Promise<T>,
  ): Promise<T> {
    return this.db.write(async (outer) => {
      const { operatorId } = await loadSite(outer, siteId);
      return withTenant(this.db, operatorId, async (tx) => {
        await loadSite(tx, siteId, { lock: true });
        return work(tx, await loadSpace(tx, siteId, spaceId));
      });
    });
  }

  /** Every offering on a space that can't be used together with this one. */
  private async tell(tx: Tx, siteId: string, spaceId: string): Promise<void> {
    const spaces = await tx.manager.findBy(SpaceEntity, { siteId });
    await this.teller.spacesChanged(tx, blockedBy(spaces, spaceId));
  }
}

async function loadSpace(tx: Tx, siteId: string, id: string): Promise<SpaceEntity> {
  const space = await tx.manager.findOneBy(SpaceEntity, { id, siteId });
  if (!space) throw notFound('space', id);
  return space;
}

async function checkNotClosedAlready(
  tx: Tx,
  spaceId: string,
  span: { startsAt: Date; endsAt: Date },
): Promise<void> {
  const other = await tx.manager.findOneBy(SpaceClosureEntity, {
    spaceId,
    cancelledAt: IsNull(),
    startsAt: LessThan(span.endsAt),
    endsAt: MoreThan(span.startsAt),
  });
  if (!other) return;
  throw new DomainError('conflict', 'space_closed_already', 'The space is closed then already.', {
    mend: 'Cancel the other closure first, or give a time beside it.',
    closureId: other.id,
  });
}

async function checkRoomForOneMore(tx: Tx, siteId: string, now: Date): Promise<void> {
  const coming = await tx.manager.countBy(SpaceClosureEntity, {
    siteId,
    cancelledAt: IsNull(),
    endsAt: MoreThan(now),
  });
  if (coming < CLOSURES_PER_SITE_MAX) return;
  throw new DomainError(
    'conflict',
    'closures_full',
    `A site has at most ${CLOSURES_PER_SITE_MAX} coming closures.`,
    {
      mend: 'Cancel some, or change the opening hours instead.',
    },
  );
}

function show({ id, spaceId, startsAt, endsAt, reason, cancelledAt }: SpaceClosureEntity): ClosureDto {
  return { id, spaceId, startsAt, endsAt, reason, cancelledAt };
}
