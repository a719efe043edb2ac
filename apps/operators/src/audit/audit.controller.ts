import { Controller, Get, Query } from '@nestjs/common';
import { Access, ApiPage, Database, decodeCursor, type Page, pageOf } from '@doorstep/platform';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { AuditEntryDto, AuditQuery } from './audit.dto';

interface AuditRow {
  id: string;
  at: Date;
  actor_id: string;
  actor_kind: string;
  actor_organisation_id: string | null;
  action: string;
  entity_id: string | null;
  entity_code: string | null;
  facts: Record<string, unknown>;
  correlation_id: string;
}

/** Reading the audit log; nothing writes to it but the changes themselves. */
@ApiTags('audit')
@Controller('v1/audit-entries')
export class AuditController {
  constructor(private readonly db: Database) {}

  @Get()
  @Access('audit:read')
  @ApiOperation({
    summary:
      'See who changed what: accounts, keys, contracts, staff, licences, inspections, complaints; sites, spaces, offerings, regions; residents, bookings, prices, money',
  })
  @ApiPage(AuditEntryDto, 'Entries in the order in which they were written.')
  list(@Query() query: AuditQuery): Promise<Page<AuditEntryDto>> {
    const after = decodeCursor(query.cursor, 1);
    return this.db.read(async (tx) => {
      const rows = await tx.sql<AuditRow>(
        `SELECT * FROM audit_entry
         WHERE ($1::uuid IS NULL OR id > $1)
           AND ($2::uuid IS NULL OR entity_id = $2)
           AND ($3::uuid IS NULL OR actor_id = $3)
           AND ($4::text IS NULL OR action = $4)
           AND ($5::timestamptz IS NULL OR at >= $5)
           AND ($6::timestamptz IS NULL OR at < $6)
           AND ($7::text IS NULL OR entity_code = $7)
           AND ($8::text IS NULL OR actor_kind = $8)
         ORDER BY id LIMIT $9`,
        [
          after ? String(after[0]) : null,
          query.entityId ?? null,
          query.actorId ?? null,
          query.action ?? null,
          query.from ?? null,
          query.to ?? null,
          query.entityCode ?? null,
          query.actorKind ?? null,
          query.limit + 1,
        ],
      );
      return pageOf(rows, query.limit, (row) => [row.id], show);
    });
  }
}

function show(row: AuditRow): AuditEntryDto {
  return {
    id: row.id,
    at: row.at,
    actorId: row.actor_id,
    actorKind: row.actor_kind,
    actorOrganisationId: row.actor_organisation_id,
    action: row.action,
    entityId: row.entity_id,
    entityCode: row.entity_code,
    facts: row.facts,
    correlationId: row.correlation_id,
  };
}
