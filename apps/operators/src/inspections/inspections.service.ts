import { Injectable } from '@nestjs/common';
import { event, FindingRaised } from '@doorstep/contracts';
import { DomainError, newId, notFound } from '@doorstep/kernel';
import { Clock, currentActor, Database, decodeCursor, type Page, pageOf, type Tx } from '@doorstep/platform';
import { In, MoreThan } from 'typeorm';
import { AuditLog } from '../audit/audit.service';
import { Calendar } from '../shared/calendar.service';
import { KnownSites } from '../sites/known-sites.service';
import { checkOwnSite, mayReach } from '../sites/own-sites.service';
import { ChecklistsService } from './checklists.service';
import type { Finding } from './finding';
import { FindingEntity } from './finding.entity';
import { cancelInspection, carryOut, type Inspection, planInspection } from './inspection';
import { InspectionStandings } from './inspection-standings.service';
import { InspectionEntity } from './inspection.entity';
import type {
  CarryOutDto,
  GivenFindingDto,
  InspectionDto,
  InspectionsQuery,
  PlanInspectionDto,
} from './inspections.dto';
import { SiteRatings } from './site-ratings.service';

/** Inspections of sites, by authorities' inspectors and by operators' own. */
@Injectable()
export class InspectionsService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly calendar: Calendar,
    private readonly audit: AuditLog,
    private readonly knownSites: KnownSites,
    private readonly checklists: ChecklistsService,
    private readonly standings: InspectionStandings,
    private readonly ratings: SiteRatings,
  ) {}

  async plan(command: PlanInspectionDto): Promise<InspectionDto> {
    const { siteId, plannedOn } = command;
    const kind = command.kind ?? null;
    await this.knownSites.settle([siteId]);
    return this.db.write(async (tx) => {
      const operatorId = await this.knownSites.ownerOf(tx, siteId, 'siteId');
      checkOwnSite(siteId);
      const [{ region_code: regionCode }] = await tx.sql<{ region_code: string }>(
        `SELECT region_code FROM known_site WHERE site_id = $1`,
        [siteId],
      );
      const { id: checklistId } = await this.checklists.choose(tx, { regionCode, kind, day: plannedOn });
      const plan = { checklistId, kind, plannedOn };
      const inspection = planInspection(currentActor(), { siteId, operatorId }, plan, newId());
      const createdAt = this.clock.now();
      await tx.manager.insert(InspectionEntity, { ...inspection, createdAt });
      await this.record(tx, 'inspections:plan', inspection, { plannedOn, kind });
      return show({ ...inspection, createdAt });
    });
  }

  /** What was found is told with the commit, and stops bookings with it when it is severe. */
  carryOut(id: string, command: CarryOutDto): Promise<InspectionDto> {
    return this.db.write(async (tx) => {
      const former = await this.own(tx, id);
      const checklist = await this.checklists.find(tx, former.checklistId);
      const { results } = command;
      const on = this.notAhead(command.on);
      const givenFindings = await this.withKinds(tx, former.siteId, command.findings);
      const given = { on, results, findings: givenFindings };
      const { inspection, findings } = carryOut(former, currentActor(), checklist, given, newId);
      await save(tx, inspection);
      const createdAt = this.clock.now();
      if (findings.length > 0) {
        await tx.manager.insert(
          FindingEntity,
          findings.map((finding) => ({ ...finding, createdAt })),
        );
      }
      const { scoreBp } = inspection;
      await this.record(tx, 'inspections:carry-out', inspection, { scoreBp, findings: findings.length });
      findings.forEach((finding) => tx.tell(raised(finding, createdAt)));
      await this.standings.refresh(tx, inspection);
      await this.ratings.refresh(tx, inspection.siteId);
      return show({ ...former, ...inspection });
    });
  }

  cancel(id: string, reason: string): Promise<InspectionDto> {
    return this.db.write(async (tx) => {
      const former = await this.own(tx, id);
      const inspection = cancelInspection(former, currentActor(), reason.trim());
      await save(tx, inspection);
      await this.record(tx, 'inspections:cancel', inspection, { reason });
      return show({ ...former, ...inspection });
    });
  }

  find(id: string): Promise<InspectionDto> {
    return this.db.read(async (tx) => {
      const inspection = await tx.manager.findOneBy(InspectionEntity, { id });
      if (!inspection || !mayReach(inspection.siteId)) throw notFound('inspection', id);
      return show(inspection);
    });
  }

  list(query: InspectionsQuery): Promise<Page<InspectionDto>> {
    const after = decodeCursor(query.cursor, 1);
    const { siteIds } = currentActor();
    const wanted = siteIds?.filter((id) => query.siteId === undefined || id === query.siteId);
    return this.db.read(async (tx) => {
      const rows = await tx.manager.find(InspectionEntity, {
        where: {
          ...(wanted ? { siteId: In(wanted) } : query.siteId && { siteId: query.siteId }),
          ...(query.status && { status: query.status }),
          ...(after && { id: MoreThan(String(after[0])) }),
        },
        order: { id: 'ASC' },
        take: query.limit + 1,
      });
      return pageOf(rows, query.limit, (row) => [row.id], show);
    });
  }

  private async own(tx: Tx, id: string): Promise<InspectionEntity> {
    const lock = { mode: 'pessimistic_write' as const };
    const inspection = await tx.manager.findOne(InspectionEntity, { where: { id }, lock });
    if (!inspection) throw notFound('inspection', id);
    checkOwnSite(inspection.siteId);
    return inspection;
  }

  private notAhead(on: string | undefined): string {
    const today = this.calendar.today();
    if (on === undefined || on <= today) return on ?? today;
    throw new DomainError('invalid', 'day_ahead', `${on} has not come yet.`, {
      field: 'on',
      mend: `Choose ${today} or an earlier day.`,
    });
  }

  /** An offering says its kind itself. */
  private async withKinds(tx: Tx, siteId: string, findings: GivenFindingDto[]): Promise<GivenFindingDto[]> {
    const named = findings.flatMap(({ offeringId }) => offeringId ?? []);
    const rows = await tx.sql<{ offering_id: string; kind: string }>(
      `SELECT offering_id, kind FROM known_offering WHERE site_id = $1 AND offering_id = ANY ($2)`,
      [siteId, named],
    );
    const kinds = new Map(rows.map(({ offering_id, kind }) => [offering_id, kind]));
    return findings.map((finding, index) => {
      if (!finding.offeringId) return finding;
      const kind = kinds.get(finding.offeringId);
      if (kind) return { ...finding, kind };
      throw new DomainError('invalid', 'offering_not_known', 'The site has no such offering.', {
        field: `findings[${index}].offeringId`,
        mend: 'List the offerings with GET /v1/sites/{id}/offerings. A new one takes a few seconds to be known.',
      });
    });
  }

  private record(
    tx: Tx,
    action: string,
    inspection: Inspection,
    facts: Record<string, unknown>,
  ): Promise<void> {
    const { id: entityId, operatorId, siteId } = inspection;
    return this.audit.record(tx, { action, entityId, operatorId, facts: { ...facts, siteId } });
  }
}

async function save(tx: Tx, inspection: Inspection): Promise<void> {
  const { id, status, statusReason, carriedOutOn, results, scoreBp, closedOn, inspectorId, version } =
    inspection;
  const changes = { status, statusReason, carriedOutOn, results, scoreBp, closedOn, inspectorId, version };
  await tx.manager.update(InspectionEntity, { id }, changes as never);
}

function raised(finding: Finding, at: Date): FindingRaised {
  const { operatorId, id: findingId, inspectionId, siteId, severity, concerns, rectifyBy, version } = finding;
  return event(FindingRaised, {
    operatorId,
    findingId,
    inspectionId,
    siteId,
    severity,
    concerns,
    ...(finding.kind !== null && { kind: finding.kind }),
    ...(finding.offeringId !== null && { offeringId: finding.offeringId }),
    rectifyBy,
    version,
    at: at.toISOString(),
  });
}

function show(row: InspectionEntity): InspectionDto {
  const { operatorId: _tenant, inspectorOrganisationId: _organisation, ...shown } = row;
  return shown;
}
