import type { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { assert, DomainError, newId, notFound } from '@doorstep/kernel';
import {
  Clock,
  currentActor,
  currentContext,
  Database,
  decodeCursor,
  page,
  type Page,
  type PageQuery,
} from '@doorstep/platform';
import { KnownService } from '../known/known.service';
import { currentOperatorId } from '../shared/actor.scope';
import { refusing } from '../shared/refusals';
import type { BillFacts } from './bill';
import { LAYOUTS } from './layouts';
import { OriginalStore, type Incoming } from './original-store.service';
import { Progress } from './progress.service';
import type {
  SettlementFileDto,
  SettlementFilesQuery,
  SettlementFileLineDto,
  UploadQuery,
} from './settlement-files.dto';
import { findFile, findOfDay, findTwin, listFiles, listLines, takeOver } from './settlement-files.queries';
import { Staging, type Staged } from './staging.service';

/** Channels' bills: read as a stream, taken over whole or not at all, the original kept. */
@Injectable()
export class SettlementFilesService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly known: KnownService,
    private readonly store: OriginalStore,
    private readonly staging: Staging,
    private readonly progress: Progress,
  ) {}

  async upload(file: Readable, query: UploadQuery): Promise<SettlementFileDto> {
    const operatorId = currentOperatorId();
    const { siteId } = query;
    if (siteId) await this.db.read((tx) => this.known.assertSite(tx, siteId));
    return this.store.taking(file, async (incoming) => {
      const known = await this.replayed(operatorId, incoming, query);
      return known ?? (await this.takeIn(operatorId, incoming, query));
    });
  }

  find(id: string): Promise<SettlementFileDto> {
    return this.db.read(async (tx) => {
      const file = await findFile(tx, id);
      if (!file) throw notFound('settlement file', id);
      return file;
    });
  }

  list(query: SettlementFilesQuery): Promise<Page<SettlementFileDto>> {
    const after = decodeCursor(query.cursor, 1)?.[0] as string | undefined;
    return this.db.read(async (tx) =>
      page(await listFiles(tx, query, after ?? null), query.limit, (file) => [file.id]),
    );
  }

  async lines(id: string, { limit, cursor }: PageQuery): Promise<Page<SettlementFileLineDto>> {
    const after = decodeCursor(cursor, 1)?.[0] as number | undefined;
    await this.find(id);
    return this.db.read(async (tx) =>
      page(await listLines(tx, id, limit, after ?? 0), limit, (line) => [line.lineNo]),
    );
  }

  async original(id: string): Promise<{ file: SettlementFileDto; content: Readable }> {
    const file = await this.find(id);
    return { file, content: this.store.open(file.operatorId, file.sha256) };
  }

  /** A repeat under the same Idempotency-Key is answered without reading the file again. */
  private async replayed(
    operatorId: string,
    incoming: Incoming,
    query: UploadQuery,
  ): Promise<SettlementFileDto | undefined> {
    const twin = await this.db.read((tx) => findTwin(tx, operatorId, incoming.sha256, query.billDay));
    if (!twin) return undefined;
    if (!currentContext().idempotencyKey) throw sameFile(twin);
    return this.takeOver(operatorId, incoming, query, undefined);
  }

  private async takeIn(
    operatorId: string,
    incoming: Incoming,
    query: UploadQuery,
  ): Promise<SettlementFileDto> {
    const report = this.progress.reporter(query.progressId, operatorId);
    const staged = await this.staging.stage(incoming, LAYOUTS[query.channel], query.billDay, report);
    try {
      report('taking_over', 0, staged.facts.lines);
      const file = await this.takeOver(operatorId, incoming, query, staged);
      await this.staging.lookedAt(file.lines);
      report('done', file.lines, file.lines);
      return file;
    } catch (error) {
      await this.staging.clear(staged.uploadId);
      throw error;
    }
  }

  private takeOver(
    operatorId: string,
    incoming: Incoming,
    { channel, siteId, billDay }: UploadQuery,
    staged: Staged | undefined,
  ): Promise<SettlementFileDto> {
    const { sha256, bytes } = incoming;
    const taken = this.db.write(async (tx) => {
      const twin = await findTwin(tx, operatorId, sha256, billDay);
      if (twin || !staged) throw sameFile(twin ?? '');
      const { facts, uploadId, layout } = staged;
      const ofDay = await findOfDay(tx, operatorId, channel, facts);
      if (ofDay) throw sameDay(ofDay, facts);
      const id = newId();
      const by = { uploadedBy: currentActor().id, uploadedAt: this.clock.now() };
      const lines = await takeOver(
        tx,
        { ...facts, ...by, id, operatorId, channel, siteId: siteId ?? null, layout, sha256, bytes },
        uploadId,
      );
      assert(lines === facts.lines, 'every line of the file is taken over');
      await this.store.keep(incoming, operatorId);
      return (await findFile(tx, id)) as SettlementFileDto;
    });
    return refusing(() => taken, {
      settlement_file_once: () => sameFile(),
      settlement_file_day_once: () => sameDay(undefined, staged?.facts),
    });
  }
}

function sameFile(settlementFileId?: string): DomainError {
  return new DomainError('conflict', 'file_known', 'This very file has been uploaded before.', {
    mend: settlementFileId ? 'Use that one.' : 'Use that one: GET /v1/settlement-files.',
    ...(settlementFileId && { settlementFileId }),
  });
}

function sameDay(settlementFileId?: string, facts?: Pick<BillFacts, 'merchantNo' | 'billDay'>): DomainError {
  const { merchantNo, billDay } = facts ?? {};
  return new DomainError(
    'conflict',
    'bill_of_day_known',
    `The bill of merchant ${merchantNo} for ${billDay} is there already.`,
    {
      mend: 'A day has one bill: see the one that is there.',
      ...(settlementFileId && { settlementFileId }),
    },
  );
}
