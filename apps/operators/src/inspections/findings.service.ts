import { Injectable } from '@nestjs/common';
import { event, FindingClosed } from '@doorstep/contracts';
import { type Document, type DocumentType, newId, notFound, readDocument } from '@doorstep/kernel';
import { Clock, currentActor, Database, decodeCursor, type Page, pageOf, type Tx } from '@doorstep/platform';
import { In, IsNull, MoreThan, Not } from 'typeorm';
import { AuditLog } from '../audit/audit.service';
import { touchedBookings } from '../bookings/known-bookings.queries';
import type { TouchedBookingDto } from '../bookings/touched-booking.dto';
import type { TouchedPlacementDto } from '../bookings/touched-placement.dto';
import { touchedPlacements } from '../bookings/touched-placements.queries';
import type { TouchedBy } from '../bookings/touched.queries';
import type { DocumentUploadDto } from '../licences/licences.dto';
import { blockedSites } from '../shared/blocked-sites.queries';
import { Calendar } from '../shared/calendar.service';
import { checkOwnSite, mayReach } from '../sites/own-sites.service';
import {
  type Block,
  type Finding,
  isOver,
  rectifyFinding,
  reinspectFinding,
  withdrawFinding,
} from './finding';
import { FindingEntity } from './finding.entity';
import type { FindingDto, FindingsQuery, RectifyDto, ReinspectDto, SuspendedSiteDto } from './findings.dto';
import { addEvidence, loadEvidence, noteReinspection, type Papers, papersOf } from './findings.queries';
import { closeInspection } from './inspection';
import { assertSameSide, sideOf } from './side';
import { InspectionStandings } from './inspection-standings.service';
import { InspectionEntity } from './inspection.entity';
import { SiteRatings } from './site-ratings.service';

/** What inspections found, until it is put right and somebody has looked again. */
@Injectable()
export class FindingsService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly calendar: Calendar,
    private readonly audit: AuditLog,
    private readonly standings: InspectionStandings,
    private readonly ratings: SiteRatings,
  ) {}

  rectify(id: string, { rectification, document }: RectifyDto): Promise<FindingDto> {
    const file = document && readDocument(document);
    return this.db.write(async (tx) => {
      const finding = rectifyFinding(await this.own(tx, id), this.calendar.today(), rectification);
      if (file) await this.keep(tx, finding, file, 'rectified');
      return this.save(tx, 'findings:rectify', finding, { sha256: file?.sha256 });
    });
  }

  /** What shows that something is wanting comes from whoever found it; that it is put right, from the operator. */
  addEvidence(id: string, document: DocumentUploadDto): Promise<FindingDto> {
    const file = readDocument(document);
    return this.db.write(async (tx) => {
      const finding = await this.own(tx, id);
      const stage =
        sideOf(currentActor()) === finding.raisedBy && finding.status === 'open' ? 'found' : 'rectified';
      await this.keep(tx, finding, file, stage);
      await this.record(tx, 'findings:add-evidence', finding, { sha256: file.sha256, stage });
      return this.show(tx, finding);
    });
  }

  reinspect(id: string, { passed, rectifyBy, note }: ReinspectDto): Promise<FindingDto> {
    return this.db.write(async (tx) => {
      const former = await this.own(tx, id);
      assertSameSide(former.raisedBy, currentActor());
      const on = this.calendar.today();
      const finding = reinspectFinding(former, { on, passed, rectifyBy });
      const look = { id: newId(), on, passed, note: note?.trim() || null, inspector: currentActor() };
      await noteReinspection(tx, finding, { ...look, at: this.clock.now() });
      return this.save(tx, 'findings:reinspect', finding, { passed });
    });
  }

  withdraw(id: string, reason: string): Promise<FindingDto> {
    return this.db.write(async (tx) => {
      const former = await this.own(tx, id);
      assertSameSide(former.raisedBy, currentActor());
      const finding = withdrawFinding(former, this.calendar.today(), reason.trim());
      return this.save(tx, 'findings:withdraw', finding, { reason: finding.closingReason });
    });
  }

  find(id: string): Promise<FindingDto> {
    return this.db.read(async (tx) => this.show(tx, await this.visible(tx, id)));
  }

  list(query: FindingsQuery): Promise<Page<FindingDto>> {
    const after = decodeCursor(query.cursor, 1);
    const { siteIds } = currentActor();
    const { siteId, inspectionId, status, severity, overdue } = query;
    const wanted = siteIds?.filter((own) => siteId === undefined || own === siteId);
    return this.db.read(async (tx) => {
      const rows = await tx.manager.find(FindingEntity, {
        where: {
          ...(wanted ? { siteId: In(wanted) } : siteId && { siteId }),
          ...(inspectionId && { inspectionId }),
          ...(status && { status }),
          ...(severity && { severity }),
          ...(overdue !== undefined && { overdueSince: overdue ? Not(IsNull()) : IsNull() }),
          ...(after && { id: MoreThan(String(after[0])) }),
        },
        order: { id: 'ASC' },
        take: query.limit + 1,
      });
      const ids = rows.map(({ id }) => id);
      const papers = await papersOf(tx, ids);
      return pageOf(
        rows,
        query.limit,
        (row) => [row.id],
        (row) => shown(row, papers.get(row.id)),
      );
    });
  }

  evidence(
    id: string,
    evidenceId: string,
  ): Promise<{ name: string; contentType: DocumentType; content: Buffer }> {
    return this.db.read(async (tx) => {
      await this.visible(tx, id);
      return loadEvidence(tx, id, evidenceId);
    });
  }

  /** Bookings still to come of what the finding concerns. */
  bookings(id: string, query: { limit: number; cursor?: string }): Promise<Page<TouchedBookingDto>> {
    return this.db.read(async (tx) => touchedBookings(tx, await this.touchedBy(tx, id), query));
  }

  /** Children's places with days still to come of the same. */
  placements(id: string, query: { limit: number; cursor?: string }): Promise<Page<TouchedPlacementDto>> {
    return this.db.read(async (tx) =>
      touchedPlacements(tx, await this.touchedBy(tx, id), this.calendar.today(), query),
    );
  }

  suspended(query: { limit: number; cursor?: string }): Promise<Page<SuspendedSiteDto>> {
    return blockedSites<Block>(this.db, 'site_inspection_standing', query);
  }

  private async own(tx: Tx, id: string): Promise<FindingEntity> {
    const lock = { mode: 'pessimistic_write' as const };
    const finding = await tx.manager.findOne(FindingEntity, { where: { id }, lock });
    if (!finding) throw notFound('finding', id);
    checkOwnSite(finding.siteId);
    return finding;
  }

  private async visible(tx: Tx, id: string): Promise<FindingEntity> {
    const finding = await tx.manager.findOneBy(FindingEntity, { id });
    if (finding && mayReach(finding.siteId)) return finding;
    throw notFound('finding', id);
  }

  private async touchedBy(tx: Tx, id: string): Promise<TouchedBy> {
    const { siteId, concerns, kind, offeringId } = await this.visible(tx, id);
    return {
      siteId,
      ...(concerns === 'kind' && { kind: String(kind) }),
      ...(offeringId !== null && { offeringId }),
      during: `{[${this.clock.now().toISOString()},)}`,
    };
  }

  private keep(tx: Tx, finding: Finding, document: Document, stage: 'found' | 'rectified'): Promise<void> {
    const file = { id: newId(), stage, addedBy: currentActor().id, at: this.clock.now() };
    return addEvidence(tx, finding, document, file);
  }

  /** Saves, tells, and lets go what the finding held up. */
  private async save(
    tx: Tx,
    action: string,
    finding: Finding,
    facts: Record<string, unknown>,
  ): Promise<FindingDto> {
    const { id, status, rectification, rectifiedOn, rectifyBy, overdueSince, version } = finding;
    const { closedOn, closingReason } = finding;
    const changes = {
      status,
      rectification,
      rectifiedOn,
      rectifyBy,
      overdueSince,
      closedOn,
      closingReason,
      version,
    };
    await tx.manager.update(FindingEntity, { id }, changes);
    await this.record(tx, action, finding, facts);
    if (isOver(finding)) {
      await this.closeInspection(tx, finding);
      this.tellClosed(tx, finding);
      await this.standings.refresh(tx, finding);
      await this.ratings.refresh(tx, finding.siteId);
    }
    return this.show(tx, finding);
  }

  /** The last finding that is over closes its inspection; the lock lets two last ones see each other. */
  private async closeInspection(tx: Tx, { inspectionId }: Finding): Promise<void> {
    const lock = { mode: 'pessimistic_write' as const };
    const inspection = await tx.manager.findOneOrFail(InspectionEntity, {
      where: { id: inspectionId },
      lock,
    });
    const left = await tx.manager.countBy(FindingEntity, { inspectionId, status: In(['open', 'rectified']) });
    if (left > 0) return;
    const { status, closedOn, version } = closeInspection(inspection, this.calendar.today());
    await tx.manager.update(InspectionEntity, { id: inspectionId }, { status, closedOn, version });
  }

  private tellClosed(tx: Tx, finding: Finding): void {
    const { operatorId, id: findingId, siteId, severity, status, version } = finding;
    const outcome = status === 'withdrawn' ? ('withdrawn' as const) : ('reinspected' as const);
    const at = this.clock.now().toISOString();
    tx.tell(event(FindingClosed, { operatorId, findingId, siteId, severity, outcome, version, at }));
  }

  private async show(tx: Tx, finding: Finding): Promise<FindingDto> {
    return shown(finding, (await papersOf(tx, [finding.id])).get(finding.id));
  }

  private record(tx: Tx, action: string, finding: Finding, facts: Record<string, unknown>): Promise<void> {
    const { id: entityId, operatorId, siteId } = finding;
    return this.audit.record(tx, { action, entityId, operatorId, facts: { ...facts, siteId } });
  }
}

function shown(finding: Finding & { createdAt?: Date }, papers?: Papers): FindingDto {
  const { operatorId: _tenant, overdueSince, createdAt: _entered, ...rest } = finding;
  return { ...rest, overdue: overdueSince !== null, evidence: [], reinspections: [], ...papers };
}
