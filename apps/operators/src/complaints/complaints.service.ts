import { Injectable } from '@nestjs/common';
import { ComplaintClosed, ComplaintOpened, event } from '@doorstep/contracts';
import { type Day, DomainError, newId, notFound } from '@doorstep/kernel';
import { Clock, currentActor, Database, decodeCursor, type Page, pageOf, type Tx } from '@doorstep/platform';
import { DateTime } from 'luxon';
import { In, IsNull, MoreThan, Not } from 'typeorm';
import { AuditLog } from '../audit/audit.service';
import { OperatorsConfig } from '../config';
import { PersonEntity } from '../people/person.entity';
import { Calendar } from '../shared/calendar.service';
import { KnownSites } from '../sites/known-sites.service';
import { checkOwnSite, mayReach } from '../sites/own-sites.service';
import {
  answerComplaint,
  assignComplaint,
  closeComplaint,
  type Complaint,
  openComplaint,
  reopenComplaint,
} from './complaint';
import { ComplaintEntity } from './complaint.entity';
import type {
  AnswerComplaintDto,
  AssignComplaintDto,
  ComplaintDto,
  ComplaintsQuery,
  ComplaintStepDto,
  OpenComplaintDto,
} from './complaints.dto';

/** Complaints about sites and bookings, until they are answered and closed. */
@Injectable()
export class ComplaintsService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly calendar: Calendar,
    private readonly config: OperatorsConfig,
    private readonly audit: AuditLog,
    private readonly knownSites: KnownSites,
  ) {}

  async open(command: OpenComplaintDto): Promise<ComplaintDto> {
    const { siteId, category, severity, text } = command;
    const bookingId = command.bookingId ?? null;
    await this.knownSites.settle([siteId]);
    return this.db.write(async (tx) => {
      const operatorId = await this.knownSites.ownerOf(tx, siteId, 'siteId');
      checkOwnSite(siteId);
      if (bookingId) await checkBooking(tx, siteId, bookingId);
      const given = { siteId, bookingId, category, severity, text, answerBy: this.deadline() };
      const complaint = openComplaint(operatorId, given, this.calendar.today(), newId());
      const createdAt = this.clock.now();
      await tx.manager.insert(ComplaintEntity, { ...complaint, createdAt });
      await this.record(tx, 'complaints:open', complaint, { category, severity });
      this.tellOpened(tx, complaint, false);
      return shown({ ...complaint, createdAt }, []);
    });
  }

  assign(id: string, command: AssignComplaintDto): Promise<ComplaintDto> {
    return this.db.write(async (tx) => {
      const former = await this.own(tx, id);
      if (command.ownerId) await checkColleague(tx, former, command.ownerId);
      const complaint = assignComplaint(former, command, this.calendar.today());
      return this.save(tx, 'complaints:assign', { ...former, ...complaint }, { ...command });
    });
  }

  answer(id: string, command: AnswerComplaintDto): Promise<ComplaintDto> {
    return this.db.write(async (tx) => {
      const former = await this.own(tx, id);
      const complaint = answerComplaint(former, command, this.calendar.today());
      await this.note(tx, complaint, 'answered', command.answer);
      return this.save(tx, 'complaints:answer', { ...former, ...complaint }, { upheld: complaint.upheld });
    });
  }

  close(id: string): Promise<ComplaintDto> {
    return this.db.write(async (tx) => {
      const former = await this.own(tx, id);
      const complaint = closeComplaint(former, this.calendar.today());
      const { operatorId, siteId, upheld, version } = complaint;
      const told = { operatorId, complaintId: id, siteId, upheld: upheld === true, version, at: this.now() };
      tx.tell(event(ComplaintClosed, told));
      return this.save(tx, 'complaints:close', { ...former, ...complaint }, { upheld });
    });
  }

  reopen(id: string, reason: string): Promise<ComplaintDto> {
    return this.db.write(async (tx) => {
      const former = await this.own(tx, id);
      const complaint = reopenComplaint(former, this.deadline(), this.calendar.today());
      await this.note(tx, complaint, 'reopened', reason);
      this.tellOpened(tx, complaint, true);
      return this.save(
        tx,
        'complaints:reopen',
        { ...former, ...complaint },
        { reopened: complaint.reopened },
      );
    });
  }

  find(id: string): Promise<ComplaintDto> {
    return this.db.read(async (tx) => {
      const complaint = await tx.manager.findOneBy(ComplaintEntity, { id });
      if (!complaint || !mayReach(complaint.siteId)) throw notFound('complaint', id);
      return shown(complaint, (await stepsOf(tx, [id])).get(id));
    });
  }

  list(query: ComplaintsQuery): Promise<Page<ComplaintDto>> {
    const after = decodeCursor(query.cursor, 1);
    const { siteId, status, category, ownerId, overdue } = query;
    const wanted = currentActor().siteIds?.filter((own) => siteId === undefined || own === siteId);
    return this.db.read(async (tx) => {
      const rows = await tx.manager.find(ComplaintEntity, {
        where: {
          ...(wanted ? { siteId: In(wanted) } : siteId && { siteId }),
          ...(status && { status }),
          ...(category && { category }),
          ...(ownerId && { ownerId }),
          ...(overdue !== undefined && { overdueSince: overdue ? Not(IsNull()) : IsNull() }),
          ...(after && { id: MoreThan(String(after[0])) }),
        },
        order: { id: 'ASC' },
        take: query.limit + 1,
      });
      const steps = await stepsOf(
        tx,
        rows.map(({ id }) => id),
      );
      return pageOf(
        rows,
        query.limit,
        (row) => [row.id],
        (row) => shown(row, steps.get(row.id)),
      );
    });
  }

  private async own(tx: Tx, id: string): Promise<ComplaintEntity> {
    const lock = { mode: 'pessimistic_write' as const };
    const complaint = await tx.manager.findOne(ComplaintEntity, { where: { id }, lock });
    if (!complaint) throw notFound('complaint', id);
    checkOwnSite(complaint.siteId);
    return complaint;
  }

  private async save(
    tx: Tx,
    action: string,
    complaint: ComplaintEntity,
    facts: Record<string, unknown>,
  ): Promise<ComplaintDto> {
    const { id, severity, ownerId, answerBy, status, answer, answeredOn, upheld } = complaint;
    const { closedOn, overdueSince, reopened, version } = complaint;
    const answered = { status, answer, answeredOn, upheld, closedOn };
    const changes = { severity, ownerId, answerBy, ...answered, overdueSince, reopened, version };
    await tx.manager.update(ComplaintEntity, { id }, changes);
    await this.record(tx, action, complaint, facts);
    return shown(complaint, (await stepsOf(tx, [id])).get(id));
  }

  private async note(tx: Tx, complaint: Complaint, step: string, text: string): Promise<void> {
    const { id, operatorId, siteId } = complaint;
    await tx.sql(
      `INSERT INTO complaint_step (id, complaint_id, operator_id, site_id, step, text, actor_id, at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [newId(), id, operatorId, siteId, step, text.trim(), currentActor().id, this.clock.now()],
    );
  }

  private tellOpened(tx: Tx, complaint: Complaint, again: boolean): void {
    const {
      operatorId,
      id: complaintId,
      siteId,
      bookingId,
      category,
      severity,
      answerBy,
      version,
    } = complaint;
    const what = { operatorId, complaintId, siteId, ...(bookingId !== null && { bookingId }) };
    tx.tell(
      event(ComplaintOpened, { ...what, category, severity, answerBy, again, version, at: this.now() }),
    );
  }

  private deadline(): Day {
    const today = DateTime.fromISO(this.calendar.today(), { zone: 'utc' });
    return today.plus({ days: this.config.complaintAnswerDays }).toFormat('yyyy-MM-dd');
  }

  private now(): string {
    return this.clock.now().toISOString();
  }

  private record(
    tx: Tx,
    action: string,
    complaint: Complaint,
    facts: Record<string, unknown>,
  ): Promise<void> {
    const { id: entityId, operatorId, siteId } = complaint;
    return this.audit.record(tx, { action, entityId, operatorId, facts: { ...facts, siteId } });
  }
}

async function stepsOf(tx: Tx, ids: readonly string[]): Promise<Map<string, ComplaintStepDto[]>> {
  const steps = new Map(ids.map((id): [string, ComplaintStepDto[]] => [id, []]));
  const rows = await tx.sql<ComplaintStepDto & { complaint_id: string }>(
    `SELECT complaint_id, at, step, text FROM complaint_step WHERE complaint_id = ANY ($1) ORDER BY id`,
    [ids],
  );
  for (const { complaint_id, ...step } of rows) steps.get(complaint_id)?.push(step);
  return steps;
}

async function checkBooking(tx: Tx, siteId: string, bookingId: string): Promise<void> {
  const rows = await tx.sql(`SELECT FROM known_booking WHERE booking_id = $1 AND site_id = $2`, [
    bookingId,
    siteId,
  ]);
  if (rows.length > 0) return;
  throw new DomainError('invalid', 'booking_not_known', 'There is no such booking at the site.', {
    field: 'bookingId',
    mend: 'Give a booking of the site, or none. A new one takes a few seconds to be known.',
  });
}

/** Whoever is to answer it can log in, and has to do with the site. */
async function checkColleague(tx: Tx, { operatorId, siteId }: Complaint, ownerId: string): Promise<void> {
  const person = await tx.manager.findOneBy(PersonEntity, { id: ownerId, operatorId });
  if (!person) throw notForThem('person_not_known', 'There is no such account at the operator.');
  if (person.status === 'disabled')
    throw notForThem('person_disabled', 'The account is disabled: nobody would see the complaint.');
  if (person.siteIds.length > 0 && !person.siteIds.includes(siteId))
    throw notForThem('person_elsewhere', 'The account has nothing to do with the complaint’s site.');
}

function notForThem(code: string, reason: string): DomainError {
  return new DomainError('invalid', code, reason, {
    field: 'ownerId',
    mend: 'List the accounts with GET /v1/people and take the id of an active one of the site or of the head office.',
  });
}

function shown(row: ComplaintEntity, steps: ComplaintStepDto[] = []): ComplaintDto {
  const { operatorId: _tenant, overdueSince, ...rest } = row;
  return { ...rest, overdue: overdueSince !== null, steps };
}
