import { Injectable } from '@nestjs/common';
import { type ContractLineKind, ContractSettlementAgreed, event } from '@doorstep/contracts';
import { canonicalJson, newId, notFound, type Fen } from '@doorstep/kernel';
import { Clock, currentActor, Database, decodeCursor, page, type Page, type Tx } from '@doorstep/platform';
import { KnownService } from '../known/known.service';
import { contractSettled } from '../ledger/contract-entries';
import { LedgerService } from '../ledger/ledger.service';
import { currentOperatorId } from '../shared/actor.scope';
import { chinaDay } from '../shared/days';
import { refusing } from '../shared/refusals';
import { asJson } from '../shared/rows';
import { settlementLife, type Earlier } from './contract-settlement';
import type {
  AgreeSettlementDto,
  ContractSettlementDto,
  DrawSettlementDto,
  SettlementDto,
  SettlementPreviewDto,
  SettlementsQuery,
} from './contract-settlements.dto';
import {
  AGREE,
  DRAFT_OF,
  DRAW,
  DRAW_LINES,
  EXPECT,
  LINES_OF,
  LIST_SETTLEMENTS,
  LOCK_CONTRACT,
  SETTLEMENT_BY_ID,
  SETTLEMENT_FOR_UPDATE,
  WITHDRAW,
  type LineRow,
  type SettlementRow,
} from './contract-settlements.queries';
import { monthOf } from './cycle';
import {
  draftExists,
  drawnByYou,
  monthsOpen,
  obstaclesOf,
  outdated,
  wrongCycle,
} from './settlement-refusals';
import { SettlementFigures, type Figures } from './settlement-figures.service';

/** What authority and operator owe each other under a contract: drawn by one account, agreed by another, seen at the bank. */
@Injectable()
export class ContractSettlementsService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly known: KnownService,
    private readonly ledger: LedgerService,
    private readonly figures: SettlementFigures,
  ) {}

  /** What the next settlement would come to; nothing is written. */
  preview(contractId: string): Promise<SettlementPreviewDto> {
    return this.db.read(async (tx) => {
      const next = await this.figures.next(tx, contractId);
      const [draft] = await tx.sql<{ id: string }>(DRAFT_OF, [contractId]);
      const { sequence, cycle, lines, netFen } = next;
      const { kind, from, to, last } = cycle;
      return {
        ...{ contractId, sequence, period: monthOf(cycle), cycle: kind, from, to, last, netFen, lines },
        obstacles: obstaclesOf(next, draft?.id).map(({ code, message }) => ({ code, reason: message })),
      };
    });
  }

  draw({ contractId, period, settledElsewhere }: DrawSettlementDto): Promise<SettlementDto> {
    const operatorId = currentOperatorId();
    const drawn = this.db.write(async (tx) => {
      await this.known.contract(tx, contractId);
      await tx.sql(LOCK_CONTRACT, [contractId]);
      const opening = settledElsewhere && { period, elsewhere: byKind(settledElsewhere) };
      const next = await this.figures.next(tx, contractId, opening);
      const { authorityId, sequence, cycle, lines, netFen } = next;
      if (period !== monthOf(cycle)) throw wrongCycle(period, cycle);
      const [draft] = await tx.sql<{ id: string }>(DRAFT_OF, [contractId]);
      const [obstacle] = obstaclesOf(next, draft?.id);
      if (obstacle) throw obstacle;
      const id = newId();
      await tx.sql(DRAW, [
        ...[id, operatorId, contractId, authorityId, sequence, cycle.kind, cycle.from, cycle.to, cycle.last],
        ...[netFen, currentActor().id, this.clock.now()],
      ]);
      await tx.sql(DRAW_LINES, [id, asJson(lines.map((line, place) => ({ ...line, place })))]);
      return this.load(tx, id);
    });
    return refusing(() => drawn, { contract_settlement_once: () => draftExists(contractId) });
  }

  /** Booked, numbered and expected at the bank. Not by whoever drew it. */
  agree(id: string, { reference }: AgreeSettlementDto): Promise<SettlementDto> {
    const agreed = this.db.write(async (tx) => {
      const { contractId } = await this.find(tx, id);
      await tx.sql(LOCK_CONTRACT, [contractId]);
      const draft = await this.lock(tx, id);
      const status = settlementLife.next(draft.status, 'agree');
      const [by, now] = [currentActor().id, this.clock.now()];
      if (draft.drawnBy === by) throw drawnByYou();
      await this.assertStands(tx, draft);
      const day = chinaDay(now);
      // Where nothing has to be paid, nothing is left to come.
      const reached = draft.netFen === 0 ? settlementLife.next(status, 'settle') : status;
      const values = [id, reached, by, now, day, reference, Number(day.slice(0, 4))];
      const [row] = await tx.sql<SettlementRow>(AGREE, values);
      await tx.sql(EXPECT, [id]);
      const lines = await tx.sql<LineRow>(LINES_OF, [id]);
      this.tell(tx, row, lines, now);
      await this.ledger.post(
        tx,
        contractSettled({ operatorId: row.operatorId, contractId, settlementId: id, day }, lines),
      );
      return shown(row, lines);
    });
    return refusing(() => agreed, {
      contract_settlement_four_eyes: drawnByYou,
      contract_settlement_telescopes: outdated,
    });
  }

  /** A draft that is wrong, or out of date; the same cycle can be drawn again. */
  withdraw(id: string): Promise<SettlementDto> {
    return this.db.write(async (tx) => {
      const { status } = await this.lock(tx, id);
      settlementLife.next(status, 'withdraw');
      await tx.sql(WITHDRAW, [id, currentActor().id, this.clock.now()]);
      return this.load(tx, id);
    });
  }

  one(id: string): Promise<SettlementDto> {
    return this.db.read((tx) => this.load(tx, id));
  }

  list({ contractId, status, limit, cursor }: SettlementsQuery): Promise<Page<ContractSettlementDto>> {
    const after = decodeCursor(cursor, 1)?.[0] ?? null;
    return this.db.read(async (tx) => {
      const values = [contractId ?? null, status ?? null, after, limit + 1];
      const rows = await tx.sql<SettlementRow>(LIST_SETTLEMENTS, values);
      return page(rows.map(headOf), limit, (row) => [row.id]);
    });
  }

  async load(tx: Tx, id: string): Promise<SettlementDto> {
    const row = await this.find(tx, id);
    return shown(row, await tx.sql<LineRow>(LINES_OF, [id]));
  }

  /** What was drawn is still what is due, and every month of it is closed. */
  private async assertStands(tx: Tx, draft: SettlementRow): Promise<void> {
    const lines = await tx.sql<LineRow>(LINES_OF, [draft.id]);
    const elsewhere = byKind(lines.map(({ kind, elsewhereFen }) => ({ kind, amountFen: elsewhereFen })));
    const opening = draft.sequence === 1 ? { period: monthOf(draft), elsewhere } : undefined;
    const next = await this.figures.next(tx, draft.contractId, opening);
    if (next.openMonths.length > 0) throw monthsOpen(next.openMonths);
    const { sequence, from, to, last } = draft;
    const drawn = { sequence, from, to, last, lines };
    if (canonicalJson(drawn) !== canonicalJson(standingNow(next))) throw outdated();
  }

  private tell(tx: Tx, row: SettlementRow, lines: readonly LineRow[], now: Date): void {
    const { id: settlementId, operatorId, contractId, authorityId, number, sequence, from, to, netFen } = row;
    tx.tell(
      event(ContractSettlementAgreed, {
        ...{
          operatorId,
          settlementId,
          contractId,
          authorityId,
          number: number as string,
          sequence,
          from,
          to,
        },
        lines: lines.map(({ kind, payer, amountFen }) => ({ kind, payer, amountFen })),
        // Of all that is told of the contract, each is the next.
        ...{ netFen, version: sequence, at: now.toISOString() },
      }),
    );
  }

  private async find(tx: Tx, id: string): Promise<SettlementRow> {
    const [row] = await tx.sql<SettlementRow>(SETTLEMENT_BY_ID, [id]);
    if (!row) throw notFound('contract settlement', id);
    return row;
  }

  private async lock(tx: Tx, id: string): Promise<SettlementRow> {
    const [row] = await tx.sql<SettlementRow>(SETTLEMENT_FOR_UPDATE, [id]);
    if (!row) throw notFound('contract settlement', id);
    return row;
  }
}

function byKind(amounts: readonly { kind: ContractLineKind; amountFen: Fen }[]): Earlier {
  return Object.fromEntries(amounts.map(({ kind, amountFen }) => [kind, amountFen]));
}

function standingNow({ sequence, cycle: { from, to, last }, lines }: Figures) {
  return { sequence, from, to, last, lines };
}

function headOf(row: SettlementRow): ContractSettlementDto {
  return { ...row, period: monthOf(row) };
}

function shown(row: SettlementRow, lines: LineRow[]): SettlementDto {
  return { ...headOf(row), lines };
}
