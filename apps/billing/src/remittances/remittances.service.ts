import { Injectable } from '@nestjs/common';
import { DomainError, newId, notFound, sumFen, type Fen } from '@doorstep/kernel';
import {
  Clock,
  currentActor,
  Database,
  decodeCursor,
  page,
  type Page,
  type PageQuery,
  type Tx,
} from '@doorstep/platform';
import { SETTLE } from '../claims/claims.queries';
import { KnownService } from '../known/known.service';
import { remittanceAllocated, remittanceReceived } from '../ledger/claim-entries';
import { LedgerService } from '../ledger/ledger.service';
import { currentOperatorId } from '../shared/actor.scope';
import { chinaDay } from '../shared/days';
import { refusing } from '../shared/refusals';
import { asJson } from '../shared/rows';
import { covers, dealAcross, everyOpenLine, matchLines, type Difference } from './remittance';
import type {
  AllocateRemittanceDto,
  RecordRemittanceDto,
  RemittanceDto,
  RemittanceLineDto,
  RemittanceOutcomeDto,
  RemittancesQuery,
} from './remittances.dto';
import {
  ADD_REMITTANCE,
  ALLOCATE,
  LINES_TO_PAY,
  LIST_LINES,
  LIST_REMITTANCES,
  LOCK_CLAIMS,
  NOTE_ADVANCE,
  REMITTANCE_BY_ID,
  REMITTANCE_FOR_UPDATE,
  type LineToPay,
  type RemittanceLineRow,
  type RemittanceRow,
} from './remittances.queries';

/** Lines named one by one when a remittance is far too small. */
const DIFFERENCES_MAX = 1_000;

type Meant = Pick<AllocateRemittanceDto, 'lines' | 'claimIds'>;

/** Funders' money, met with the claim lines that it pays. */
@Injectable()
export class RemittancesService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly known: KnownService,
    private readonly ledger: LedgerService,
  ) {}

  record(command: RecordRemittanceDto): Promise<RemittanceOutcomeDto> {
    const operatorId = currentOperatorId();
    const { funderId, contractId, reference, amountFen, receivedOn } = command;
    const now = this.clock.now();
    if (receivedOn > chinaDay(now)) throw inTheFuture();
    const recorded = this.db.write(async (tx) => {
      await this.known.contract(tx, contractId);
      await this.known.organisation(tx, funderId);
      const id = newId();
      const values = [id, operatorId, funderId, contractId, reference, amountFen, receivedOn];
      await tx.sql(ADD_REMITTANCE, [...values, currentActor().id, now]);
      const remittance = await lockRemittance(tx, id);
      const { allocatedFen, differences } = await this.allocateTo(tx, remittance, command, now);
      const facts = { operatorId, contractId, funderId, day: receivedOn, remittanceId: id };
      await this.ledger.post(tx, [remittanceReceived({ ...facts, amountFen, allocatedFen })]);
      return { ...(await loadRemittance(tx, id)), differences };
    });
    return refusing(() => recorded, { remittance_once: () => remittanceExists(reference) });
  }

  /** What was not meant for any line yet pays lines now. */
  allocate(id: string, meant: AllocateRemittanceDto): Promise<RemittanceOutcomeDto> {
    const allocated = this.db.write(async (tx) => {
      const remittance = await lockRemittance(tx, id);
      assertStands(remittance);
      const now = this.clock.now();
      const { allocatedFen, differences, version } = await this.allocateTo(tx, remittance, meant, now);
      const { operatorId, contractId, funderId } = remittance;
      const facts = { operatorId, contractId, funderId, day: chinaDay(now), remittanceId: id };
      await this.ledger.post(tx, [remittanceAllocated({ ...facts, amountFen: allocatedFen, version })]);
      return { ...(await loadRemittance(tx, id)), differences };
    });
    return refusing(() => allocated, { remittance_line_once: paidBefore, expected_within: advanceAtBank });
  }

  find(id: string): Promise<RemittanceDto> {
    return this.db.read((tx) => loadRemittance(tx, id));
  }

  list({ funderId, contractId, limit, cursor }: RemittancesQuery): Promise<Page<RemittanceDto>> {
    const after = decodeCursor(cursor, 1)?.[0] ?? null;
    return this.db.read(async (tx) => {
      const values = [funderId ?? null, contractId ?? null, after, limit + 1];
      return page(await tx.sql<RemittanceRow>(LIST_REMITTANCES, values), limit, ({ id }) => [id]);
    });
  }

  lines(id: string, { limit, cursor }: PageQuery): Promise<Page<RemittanceLineDto>> {
    const after = decodeCursor(cursor, 1)?.[0] ?? null;
    return this.db.read(async (tx) => {
      await loadRemittance(tx, id);
      const rows = await tx.sql<RemittanceLineRow>(LIST_LINES, [id, after, limit + 1]);
      return page(rows, limit, (row) => [row.id]);
    });
  }

  private async allocateTo(
    tx: Tx,
    remittance: RemittanceRow,
    { lines: named, claimIds }: Meant,
    now: Date,
  ): Promise<{ allocatedFen: Fen; differences: Difference[]; version: number }> {
    const { id, operatorId, funderId, contractId, unallocatedFen, version } = remittance;
    const sought = [named?.map(({ lineId }) => lineId) ?? null, claimIds ?? null];
    await tx.sql(LOCK_CLAIMS, sought);
    const lines = await tx.sql<LineToPay>(LINES_TO_PAY, [operatorId, funderId, contractId, ...sought]);
    const said = named ?? dealAcross(everyOpenLine(lines), unallocatedFen);
    const { allocations, differences } = matchLines(lines, said);
    const allocatedFen = sumFen(allocations.map(({ amountFen }) => amountFen));
    if (!covers(unallocatedFen, allocatedFen)) throw notCovered(allocatedFen, unallocatedFen);
    if (!named && claimIds) differences.push(...leftOpen(lines, allocations));
    if (allocatedFen !== unallocatedFen) {
      const leftFen = unallocatedFen - allocatedFen;
      differences.push({
        ...{ kind: 'not_allocated', lineId: null, openFen: 0 },
        ...{ saidFen: leftFen, differenceFen: leftFen },
      });
    }
    if (allocations.length === 0) {
      await tx.sql(NOTE_ADVANCE, [id]);
      return { allocatedFen, differences, version };
    }
    const [after] = await tx.sql<{ version: number }>(ALLOCATE, [
      asJson(allocations),
      id,
      operatorId,
      funderId,
    ]);
    const claims = [...new Set(lines.map(({ claimId }) => claimId))];
    await tx.sql(SETTLE, [claims, now]);
    await tx.sql(NOTE_ADVANCE, [id]);
    return { allocatedFen, differences, version: after.version };
  }
}

export async function lockRemittance(tx: Tx, id: string): Promise<RemittanceRow> {
  const [remittance] = await tx.sql<RemittanceRow>(REMITTANCE_FOR_UPDATE, [id]);
  if (!remittance) throw notFound('remittance', id);
  return remittance;
}

export async function loadRemittance(tx: Tx, id: string): Promise<RemittanceDto> {
  const [remittance] = await tx.sql<RemittanceRow>(REMITTANCE_BY_ID, [id]);
  if (!remittance) throw notFound('remittance', id);
  return remittance;
}

export function assertStands({ cancelledAt }: RemittanceRow): void {
  if (!cancelledAt) return;
  throw new DomainError('conflict', 'remittance_cancelled', 'The remittance was cancelled.', {
    mend: 'Record what came as a remittance of its own: POST /v1/remittances.',
  });
}

/** Lines of the claims named that the money did not reach. */
function leftOpen(
  lines: readonly LineToPay[],
  allocations: readonly { lineId: string; amountFen: Fen }[],
): Difference[] {
  const reached = new Set(allocations.map(({ lineId }) => lineId));
  return everyOpenLine(lines)
    .filter(({ lineId }) => !reached.has(lineId))
    .slice(0, DIFFERENCES_MAX)
    .map(({ lineId, amountFen: openFen }) => ({
      ...{ kind: 'short_paid' as const, lineId, openFen, saidFen: 0, differenceFen: -openFen },
    }));
}

function inTheFuture(): DomainError {
  return new DomainError('invalid', 'in_the_future', 'receivedOn lies ahead.', {
    field: 'receivedOn',
    mend: 'Give the day on which the money came.',
  });
}

function notCovered(allocatedFen: Fen, leftFen: Fen): DomainError {
  return new DomainError(
    'conflict',
    'remittance_exceeded',
    `The lines come to ${allocatedFen} fen, the remittance has ${leftFen}.`,
    { field: 'lines', mend: 'Name lines that the amount covers.' },
  );
}

function remittanceExists(reference: string): DomainError {
  return new DomainError(
    'conflict',
    'remittance_exists',
    `${reference} of this funder is recorded already.`,
    {
      field: 'reference',
      mend: 'Find it with GET /v1/remittances?funderId=….',
    },
  );
}

function paidBefore(): DomainError {
  return new DomainError(
    'conflict',
    'line_paid_by_remittance',
    'A line is paid by this remittance already.',
    {
      field: 'lines',
      mend: 'A remittance pays a line once.',
    },
  );
}

function advanceAtBank(): DomainError {
  return new DomainError(
    'conflict',
    'advance_at_bank',
    'Part of it was seen at the bank as an advance, or given up there, and pays no claim meanwhile.',
    {
      mend: 'Undo the match of its line (or reopen its exception), allocate, and match the line with the claim: GET /v1/expected-movements?kind=funder_advance.',
    },
  );
}
