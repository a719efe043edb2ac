import { Injectable } from '@nestjs/common';
import { notFound } from '@doorstep/kernel';
import { Clock, currentActor, Database, decodeCursor, page, type Page, type Tx } from '@doorstep/platform';
import { siteScopeOf } from '../shared/actor.scope';
import { assertAnother } from '../shared/four-eyes';
import { assertBooksOn, assertProposer, voidLife, type ProposedVoid, type VoidStatus } from './proposed-void';
import type { DecideVoidDto, PaymentVoidDto, PaymentVoidsQuery } from './proposed-voids.dto';
import { decideVoid, findVoid, listVoids, lockVoid } from './proposed-voids.queries';
import { numberTaken, VoidsService } from './voids.service';

/** Voids above the operator's limit: what one person proposes, another one decides. Nothing is changed before. */
@Injectable()
export class ProposedVoidsService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly voids: VoidsService,
  ) {}

  list({ limit, cursor, ...sought }: PaymentVoidsQuery): Promise<Page<PaymentVoidDto>> {
    const after = decodeCursor(cursor, 1)?.[0] as string | undefined;
    const siteIds = siteScopeOf(currentActor());
    return this.db.read(async (tx) =>
      page(await listVoids(tx, { ...sought, after, siteIds }, limit), limit, ({ id }) => [id]),
    );
  }

  find(id: string): Promise<PaymentVoidDto> {
    return this.db.read((tx) => load(tx, id));
  }

  /** Whatever came to pass since it was proposed is looked at again, under the locks of whoever moves that money. */
  approve(id: string, { comment }: DecideVoidDto): Promise<PaymentVoidDto> {
    const approved = () =>
      this.db.write(async (tx) => {
        const proposed = await lock(tx, id);
        const status = voidLife.next(proposed.status, 'approve');
        assertAnother(proposed.proposedBy, currentActor().id, 'payments:approve');
        const target = await this.voids.lockTarget(tx, proposed);
        assertBooksOn(proposed, target.booksOn);
        await this.decide(tx, id, status, comment);
        await this.voids.takeEffect(tx, target, proposed.reason);
        return load(tx, id);
      });
    return numberTaken(approved);
  }

  reject(id: string, { comment }: DecideVoidDto): Promise<PaymentVoidDto> {
    return this.db.write(async (tx) => {
      const proposed = await lock(tx, id);
      const status = voidLife.next(proposed.status, 'reject');
      assertAnother(proposed.proposedBy, currentActor().id, 'payments:approve');
      await this.decide(tx, id, status, comment);
      return load(tx, id);
    });
  }

  withdraw(id: string, { comment }: DecideVoidDto): Promise<PaymentVoidDto> {
    return this.db.write(async (tx) => {
      const proposed = await lock(tx, id);
      const status = voidLife.next(proposed.status, 'withdraw');
      assertProposer(proposed, currentActor().id);
      await this.decide(tx, id, status, comment);
      return load(tx, id);
    });
  }

  private decide(tx: Tx, id: string, status: VoidStatus, comment: string | undefined): Promise<void> {
    return decideVoid(tx, id, { status, comment, by: currentActor().id, at: this.clock.now() });
  }
}

async function load(tx: Tx, id: string): Promise<PaymentVoidDto> {
  const found = await findVoid(tx, id, siteScopeOf(currentActor()));
  if (!found) throw notFound('payment void', id);
  return found;
}

/** Before all locks of money: who proposes has those first, and waits for nobody who decides. */
async function lock(tx: Tx, id: string): Promise<ProposedVoid> {
  await load(tx, id);
  return lockVoid(tx, id);
}
