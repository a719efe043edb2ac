import { Injectable } from '@nestjs/common';
import { newId, notFound } from '@doorstep/kernel';
import { Clock, currentActor, Database, decodeCursor, type Page, pageOf, type Tx } from '@doorstep/platform';
import { DateTime } from 'luxon';
import { AuditLog } from '../audit/audit.service';
import { Calendar } from '../shared/calendar.service';
import { mayReach } from '../sites/own-sites.service';
import { StaffEntity } from '../staff/staff.entity';
import { type Certificate, enterCertificate, revokeCertificate } from './certificate';
import type {
  CertificateDto,
  CertificatesQuery,
  EnterCertificateDto,
  RevokeCertificateDto,
} from './certificates.dto';
import { certificateOf } from './staff-news.queries';
import { StaffNews } from './staff-news.service';

type Row = Parameters<typeof certificateOf>[0];

/** Another certificate of the same person and type that holds on the day on which this one doesn't any more. */
export const CERTIFICATE_REPLACED = `EXISTS (
  SELECT FROM staff_certificate n
  WHERE n.staff_id = c.staff_id AND n.type = c.type AND n.id <> c.id
    AND n.valid_from <= c.valid_to AND (n.valid_to IS NULL OR n.valid_to > c.valid_to)
    AND (n.revoked_on IS NULL OR n.revoked_on > c.valid_to))`;

/** The papers of staff. One that has run out takes the skills away that need it, until there is another. */
@Injectable()
export class CertificatesService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly calendar: Calendar,
    private readonly audit: AuditLog,
    private readonly news: StaffNews,
  ) {}

  enter(command: EnterCertificateDto): Promise<CertificateDto> {
    return this.db.write(async (tx) => {
      const staff = await this.locked(tx, command.staffId);
      const certificate = enterCertificate(staff, command, newId());
      const { id, operatorId, staffId, type, number, validFrom, validTo } = certificate;
      await tx.sql(
        `INSERT INTO staff_certificate (id, operator_id, staff_id, type, number, valid_from, valid_to, version, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, 1, $8)`,
        [id, operatorId, staffId, type, number, validFrom, validTo, this.clock.now()],
      );
      await this.changed(tx, 'staff:enter-certificate', certificate);
      return show(certificate);
    });
  }

  revoke(id: string, { on }: RevokeCertificateDto): Promise<CertificateDto> {
    return this.db.write(async (tx) => {
      const { staffId } = await load(tx, id);
      await this.locked(tx, staffId);
      const certificate = revokeCertificate(await load(tx, id), on ?? this.calendar.today());
      const { revokedOn, version } = certificate;
      await tx.sql(`UPDATE staff_certificate SET revoked_on = $2, version = $3 WHERE id = $1`, [
        id,
        revokedOn,
        version,
      ]);
      await this.changed(tx, 'staff:revoke-certificate', certificate);
      return show(certificate);
    });
  }

  list(query: CertificatesQuery): Promise<Page<CertificateDto>> {
    const after = decodeCursor(query.cursor, 1);
    const { dueWithinDays: days } = query;
    const today = DateTime.fromISO(this.calendar.today(), { zone: 'utc' });
    const dueBy = days === undefined ? null : today.plus({ days }).toFormat('yyyy-MM-dd');
    return this.db.read(async (tx) => {
      const rows = await tx.sql<Row>(
        `SELECT c.* FROM staff_certificate c JOIN staff s ON s.id = c.staff_id
         WHERE ($1::uuid IS NULL OR c.id > $1) AND ($2::uuid IS NULL OR c.staff_id = $2)
           AND ($3::date IS NULL OR (c.valid_to <= $3 AND c.revoked_on IS NULL AND NOT ${CERTIFICATE_REPLACED}))
           AND ($4::uuid[] IS NULL OR s.site_ids && $4)
         ORDER BY c.id LIMIT $5`,
        [
          after ? String(after[0]) : null,
          query.staffId ?? null,
          dueBy,
          currentActor().siteIds ?? null,
          query.limit + 1,
        ],
      );
      return pageOf(
        rows,
        query.limit,
        (row) => [row.id],
        (row) => show(certificateOf(row)),
      );
    });
  }

  /** Everything about one person happens one after the other. */
  private async locked(tx: Tx, staffId: string): Promise<StaffEntity> {
    const lock = { mode: 'pessimistic_write' as const };
    const staff = await tx.manager.findOne(StaffEntity, { where: { id: staffId }, lock });
    if (staff && staff.siteIds.some(mayReach)) return staff;
    throw notFound('staff member', staffId);
  }

  private async changed(tx: Tx, action: string, certificate: Certificate): Promise<void> {
    const { id: entityId, operatorId, staffId, type } = certificate;
    await this.audit.record(tx, { action, entityId, operatorId, facts: { staffId, type } });
    await this.news.refresh(tx, [staffId]);
  }
}

async function load(tx: Tx, id: string): Promise<Certificate> {
  const [row] = await tx.sql<Row>(`SELECT * FROM staff_certificate WHERE id = $1`, [id]);
  if (!row) throw notFound('certificate', id);
  return certificateOf(row);
}

/** Numbers of papers are for the employer. */
function show({ operatorId, ...certificate }: Certificate): CertificateDto {
  const own = currentActor().operatorId === operatorId;
  return { ...certificate, number: own ? certificate.number : `*${certificate.number.slice(-4)}` };
}
