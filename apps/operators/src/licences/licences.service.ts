import { Injectable } from '@nestjs/common';
import { type Document, type DocumentType, newId, notFound, readDocument } from '@doorstep/kernel';
import { Clock, currentActor, Database, decodeCursor, type Page, pageOf, type Tx } from '@doorstep/platform';
import { DateTime } from 'luxon';
import { AuditLog } from '../audit/audit.service';
import { Calendar } from '../shared/calendar.service';
import { KnownSites } from '../sites/known-sites.service';
import { checkOwnSite, mayReach } from '../sites/own-sites.service';
import { enterLicence, type Licence, renewLicence, revokeLicence, stateOf } from './licence';
import { LicenceEntity } from './licence.entity';
import type {
  DocumentUploadDto,
  EnterLicenceDto,
  LicenceDto,
  LicencesQuery,
  RenewLicenceDto,
  RevokeLicenceDto,
} from './licences.dto';
import {
  insertDocument,
  listLicences,
  loadDocument,
  loadLicence,
  type StoredLicence,
} from './licences.queries';
import { LicenceStandings } from './standings.service';

/** The papers that let sites run their services. */
@Injectable()
export class LicencesService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly calendar: Calendar,
    private readonly audit: AuditLog,
    private readonly knownSites: KnownSites,
    private readonly standings: LicenceStandings,
  ) {}

  async enter(command: EnterLicenceDto): Promise<LicenceDto> {
    const document = documentOf(command.document);
    await this.knownSites.settle([command.siteId]);
    return this.db.write(async (tx) => {
      const operatorId = await this.knownSites.ownerOf(tx, command.siteId, 'siteId');
      checkOwnSite(command.siteId);
      return this.save(tx, 'licences:enter', enterLicence(operatorId, command, newId()), document);
    });
  }

  renew(id: string, command: RenewLicenceDto): Promise<LicenceDto> {
    const document = documentOf(command.document);
    return this.db.write(async (tx) => {
      const former = await this.own(tx, id);
      return this.save(tx, 'licences:renew', renewLicence(former, command, newId()), document);
    });
  }

  revoke(id: string, { on, reason }: RevokeLicenceDto): Promise<LicenceDto> {
    return this.db.write(async (tx) => {
      const former = await this.own(tx, id);
      const revoked = revokeLicence(former, on ?? this.calendar.today(), reason);
      const { revokedOn, revokedReason, version } = revoked;
      await tx.manager.update(LicenceEntity, { id }, { revokedOn, revokedReason, version });
      await this.record(tx, 'licences:revoke', revoked, { on: revokedOn, reason });
      await this.standings.refresh(tx, [revoked.siteId]);
      return this.show({ ...former, ...revoked });
    });
  }

  find(id: string): Promise<LicenceDto> {
    return this.db.read(async (tx) => this.show(await this.visible(tx, id)));
  }

  list(query: LicencesQuery): Promise<Page<LicenceDto>> {
    const after = decodeCursor(query.cursor, 1);
    const { siteId, type, limit, dueWithinDays } = query;
    const due = dueWithinDays !== undefined && {
      today: this.calendar.today(),
      by: this.inDays(dueWithinDays),
    };
    const { siteIds } = currentActor();
    const filter = {
      siteId,
      type,
      ...(due && { due }),
      siteIds,
      limit: limit + 1,
      ...(after && { after: String(after[0]) }),
    };
    return this.db.read(async (tx) =>
      pageOf(
        await listLicences(tx, filter),
        limit,
        (row) => [row.id],
        (row) => this.show(row),
      ),
    );
  }

  document(id: string): Promise<{ name: string; contentType: DocumentType; content: Buffer }> {
    return this.db.read(async (tx) => {
      await this.visible(tx, id);
      return loadDocument(tx, id);
    });
  }

  /** The licence, if it is of a site that the actor works at. */
  async visible(tx: Tx, id: string): Promise<StoredLicence> {
    const licence = await loadLicence(tx, id);
    if (mayReach(licence.siteId)) return licence;
    throw notFound('licence', id);
  }

  private async own(tx: Tx, id: string): Promise<StoredLicence> {
    const licence = await loadLicence(tx, id, { lock: true });
    checkOwnSite(licence.siteId);
    return licence;
  }

  private async save(
    tx: Tx,
    action: string,
    licence: Licence,
    document: Document | undefined,
  ): Promise<LicenceDto> {
    const createdAt = this.clock.now();
    await tx.manager.insert(LicenceEntity, { ...licence, createdAt });
    if (document) await insertDocument(tx, licence, document);
    await this.record(tx, action, licence, { type: licence.type, sha256: document?.sha256 });
    await this.standings.refresh(tx, [licence.siteId]);
    const { content: _content, ...described } = document ?? { content: undefined };
    return this.show({
      ...licence,
      createdAt,
      document: document ? (described as LicenceDto['document']) : null,
    });
  }

  private inDays(days: number): string {
    return DateTime.fromISO(this.calendar.today(), { zone: 'utc' }).plus({ days }).toFormat('yyyy-MM-dd');
  }

  private show(licence: StoredLicence): LicenceDto {
    const { operatorId: _tenant, ...shown } = licence;
    return { ...shown, state: stateOf(licence, this.calendar.today()) };
  }

  private record(tx: Tx, action: string, licence: Licence, facts: Record<string, unknown>): Promise<void> {
    const { id, operatorId, siteId } = licence;
    return this.audit.record(tx, { action, entityId: id, operatorId, facts: { ...facts, siteId } });
  }
}

function documentOf(upload: DocumentUploadDto | undefined): Document | undefined {
  return upload && readDocument(upload);
}
