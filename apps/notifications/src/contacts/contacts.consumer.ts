import { Controller } from '@nestjs/common';
import { ResidentMerged, ResidentSnapshot } from '@doorstep/contracts';
import { Clock, Database, OnEvents, type Received } from '@doorstep/platform';
import { suppressQueued } from '../deliveries/deliveries.queries';
import { mergeResidents } from './merges.queries';
import { keepContacts } from './resident-contacts.queries';

/** Residents as far as messages need them: a sealed contact, and whether they want to hear from us. */
@Controller()
export class ContactsConsumer {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  @OnEvents(ResidentMerged)
  async merge(batch: Received<ResidentMerged>[]): Promise<void> {
    await this.database.write((tx) =>
      mergeResidents(
        tx,
        batch.map(({ data }) => data),
      ),
    );
  }

  @OnEvents(ResidentSnapshot)
  async keep(batch: Received<ResidentSnapshot>[]): Promise<void> {
    await this.database.write(async (tx) => {
      await keepContacts(tx, batch);
      const erased = batch.filter(({ data }) => data.erased).map(({ data }) => data.residentId);
      if (erased.length === 0) return;
      await tx.sql(`DELETE FROM preference WHERE resident_id = ANY ($1)`, [erased]);
      await suppressQueued(tx, erased, 'erased', this.clock.now());
    });
  }
}
