import { Injectable } from '@nestjs/common';
import { assert, DomainError } from '@doorstep/kernel';
import { Clock, currentActor, Database, decodeCursor, type Page, pageOf } from '@doorstep/platform';
import { type Preference, type PreferenceQuery, type SetPreference, showPreference } from './preferences.dto';
import { PreferenceRow } from './preference.entity';

@Injectable()
export class PreferencesService {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /**
   * The whole preference, in place of any former one. The resident need not be known here yet: a front-end sets it right
   * after registering somebody, when the snapshot may still be on its way. An erased one is gone.
   */
  async set({ residentId, channel, enabled, language, quietHours }: SetPreference): Promise<Preference> {
    const { operatorId } = currentActor();
    assert(operatorId, 'only people and clients of an operator have preferences:write');
    const row: PreferenceRow = {
      operatorId,
      residentId,
      channel,
      enabled,
      language: language ?? null,
      quietFrom: quietHours?.from ?? null,
      quietTo: quietHours?.to ?? null,
      updatedAt: this.clock.now(),
    };
    return this.database.write(async (tx) => {
      const [known] = await tx.sql<{ erased: boolean }>(
        `SELECT erased FROM resident_contact WHERE resident_id = $1 FOR SHARE`,
        [residentId],
      );
      if (known?.erased) throw erased();
      const [into] = await tx.sql<{ id: string }>(
        `SELECT survivor_id AS id FROM resident_merge WHERE merged_id = $1`,
        [residentId],
      );
      if (into) throw merged(into.id);
      await tx.manager.upsert(PreferenceRow, row, ['operatorId', 'residentId', 'channel']);
      return showPreference(row);
    });
  }

  list({ residentId, limit, cursor }: PreferenceQuery): Promise<Page<Preference>> {
    const after = decodeCursor(cursor, 2);
    return this.database.read(async ({ manager }) => {
      const query = manager
        .createQueryBuilder(PreferenceRow, 'preference')
        .where('TRUE')
        .orderBy({ 'preference.residentId': 'ASC', 'preference.channel': 'ASC' })
        .take(limit + 1);
      if (residentId) query.andWhere('preference.residentId = :residentId', { residentId });
      if (after) {
        const [afterId, afterChannel] = after;
        query.andWhere('(preference.residentId, preference.channel) > (:afterId, :afterChannel)', {
          afterId,
          afterChannel,
        });
      }
      return pageOf(await query.getMany(), limit, (row) => [row.residentId, row.channel], showPreference);
    });
  }
}

function merged(survivorId: string): DomainError {
  return new DomainError('gone', 'resident_merged', 'This resident is registered under another id now.', {
    field: 'residentId',
    survivorId,
    mend: `Use ${survivorId}: both were found to be the same person.`,
  });
}

function erased(): DomainError {
  return new DomainError('gone', 'resident_erased', 'The data of this resident was erased.', {
    mend: 'Nothing is sent to an erased resident; there is nothing to set.',
    field: 'residentId',
  });
}
