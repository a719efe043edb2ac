import { Injectable } from '@nestjs/common';
import { DomainError, notFound } from '@doorstep/kernel';
import {
  Clock,
  currentActor,
  Database,
  decodeCursor,
  type Page,
  type PageQuery,
  pageOf,
  type Tx,
} from '@doorstep/platform';
import { In, IsNull, MoreThan } from 'typeorm';
import { showBooking } from '../bookings/booking.view';
import { BOOKING, type BookingRow } from '../bookings/bookings.queries';
import { ResidentBelongings } from './belongings.service';
import { careOf, PLACES_STAND, WITHDRAW_APPLICATIONS } from './care-export.queries';
import { birthDateAfterErasure, residentMerged } from './resident';
import { AccessLogEntity, ConsentEntity, ResidentEntity } from './resident.entity';
import { ResidentKeys } from './resident-keys.service';
import { type OpenResident, ResidentRecords, showConsent, showResident } from './resident-records.service';
import type { AccessDto, ResidentDto, ResidentExportDto } from './residents.view.dto';

/** A person's rights over their data (PIPL ch. IV), and the log of who saw it. */
@Injectable()
export class Privacy {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly keys: ResidentKeys,
    private readonly records: ResidentRecords,
    private readonly belongings: ResidentBelongings,
  ) {}

  /** Everything unmasked; written down in the same transaction, so nobody sees without being seen. */
  async fullView(id: string): Promise<ResidentDto> {
    return this.db.write(async (tx) => {
      const resident = await this.opened(tx, id);
      await this.records.log(tx, resident.row, 'view_full');
      return showResident(resident, 'full');
    });
  }

  /** Everything that is held about a person, for the person. */
  async export(id: string): Promise<ResidentExportDto> {
    return this.db.write(async (tx) => {
      const resident = await this.opened(tx, id);
      if (resident.row.mergedInto) throw residentMerged(id, resident.row.mergedInto);
      const ids = await idsOf(tx, id);
      await this.records.log(tx, resident.row, 'export');
      const consents = await tx.manager.find(ConsentEntity, {
        where: { residentId: id },
        order: { grantedAt: 'ASC', id: 'ASC' },
      });
      const accesses = await tx.manager.find(AccessLogEntity, {
        where: { residentId: In(ids) },
        order: { id: 'ASC' },
      });
      const bookings = await tx.sql<BookingRow & { noteSealed: Buffer | null }>(
        `SELECT ${BOOKING}, b.note_sealed AS "noteSealed" FROM booking b WHERE b.resident_id = $1 ORDER BY b.starts_at, b.id`,
        [id],
      );
      const eyes = {
        actor: currentActor(),
        now: this.clock.now(),
        visitCode: (bookingId: string) => this.keys.ring.visitCode(bookingId),
      };
      const shown = [];
      for (const { noteSealed, ...row } of bookings) {
        const note = noteSealed && (await this.keys.openNote(tx, id, row.id, noteSealed));
        shown.push(showBooking({ ...row, ...(note && { note }) }, eyes));
      }
      const belongings = await this.belongings.of(tx, id);
      return {
        resident: showResident(resident, 'full'),
        ...belongings,
        consents: consents.map(showConsent),
        bookings: shown,
        childcare: await careOf(tx, this.keys, ids, eyes.now),
        accesses: accesses.map(showAccess),
      };
    });
  }

  /**
   * Destroys the resident's key and all that can be found by; bookings and books keep the pseudonym. Refused while
   * bookings stand, because somebody would be waited for who can't be told.
   */
  async erase(id: string): Promise<void> {
    await this.db.write(async (tx) => {
      const row = await this.records.forChange(tx, id);
      const now = this.clock.now();
      await assertNothingStands(tx, id, now);
      const changes = {
        birthDate: birthDateAfterErasure(row.birthDate),
        sex: null,
        householdId: null,
        careLevel: null,
        careLevelAssessedOn: null,
        hardship: false,
        disability: false,
        birthOrder: null,
        registration: null,
        registeredIn: null,
        sealed: null,
        mobileIndex: null,
        idNumberIndex: null,
        nameIndex: null,
        erasedAt: now,
        version: row.version + 1,
      };
      await this.belongings.forget(tx, id, now);
      await tx.manager.update(ResidentEntity, { id }, changes);
      await tx.manager.update(ConsentEntity, { residentId: id, withdrawnAt: IsNull() }, { withdrawnAt: now });
      await tx.sql(
        `UPDATE booking SET note_sealed = NULL WHERE resident_id = $1 AND note_sealed IS NOT NULL`,
        [id],
      );
      await tx.sql(
        `UPDATE waiting_entry SET status = 'left', ended_at = $2 WHERE resident_id = $1 AND status = 'waiting'`,
        [id, now],
      );
      await tx.sql(WITHDRAW_APPLICATIONS, [id, now]);
      await this.keys.destroy(tx, id);
      const erased = { ...row, ...changes };
      await this.records.log(tx, erased, 'erase');
      await this.records.tell(tx, erased);
    });
  }

  async accesses(id: string, { limit, cursor }: PageQuery): Promise<Page<AccessDto>> {
    const after = decodeCursor(cursor, 1);
    return this.db.read(async (tx) => {
      if (!(await tx.manager.existsBy(ResidentEntity, { id }))) throw notFound('resident', id);
      const rows = await tx.manager.find(AccessLogEntity, {
        where: { residentId: In(await idsOf(tx, id)), ...(after && { id: MoreThan(String(after[0])) }) },
        order: { id: 'ASC' },
        take: limit + 1,
      });
      return pageOf(rows, limit, (row) => [row.id], showAccess);
    });
  }

  private async opened(tx: Tx, id: string): Promise<OpenResident> {
    const row = await tx.manager.findOneBy(ResidentEntity, { id });
    if (!row) throw notFound('resident', id);
    const [resident] = await this.records.open(tx, [row]);
    return resident as OpenResident;
  }
}

/** The resident's own id, and those of records that were merged into theirs: some of what is over stays under these. */
async function idsOf(tx: Tx, id: string): Promise<string[]> {
  const merged = await tx.manager.findBy(ResidentEntity, { mergedInto: id });
  return [id, ...merged.map((row) => row.id)];
}

async function assertNothingStands(tx: Tx, residentId: string, now: Date): Promise<void> {
  const [places] = await tx.sql<{ standing: number }>(PLACES_STAND, [residentId, now]);
  if (places && places.standing > 0) throw placesStand(places.standing);
  const [{ standing }] = (await tx.sql<{ standing: number }>(
    `SELECT count(*)::int AS standing FROM booking
     WHERE resident_id = $1 AND status IN ('offered', 'held', 'confirmed', 'checked_in', 'on_review')`,
    [residentId],
  )) as [{ standing: number }];
  if (standing === 0) return;
  throw new DomainError(
    'conflict',
    'bookings_stand',
    `${standing} booking(s) of this resident still stand.`,
    {
      mend: 'Cancel them or record what became of them, then erase.',
      standing,
    },
  );
}

function placesStand(standing: number): DomainError {
  return new DomainError('conflict', 'places_stand', `${standing} place(s) in childcare still stand.`, {
    mend: 'End them, then erase when they are over.',
    standing,
  });
}

function showAccess({ actorId, actorKind, action, correlationId, at }: AccessLogEntity): AccessDto {
  return { actorId, actorKind, action, correlationId, at: at.toISOString() };
}
