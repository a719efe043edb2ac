import { Injectable } from '@nestjs/common';
import { DomainError } from '@doorstep/kernel';
import {
  Clock,
  currentActor,
  Database,
  decodeCursor,
  isFormula,
  LineFaults,
  type Page,
  pageOf,
  type TableRow,
  type Tx,
} from '@doorstep/platform';
import { AuditLog } from '../audit/audit.service';
import { KnownSites } from '../sites/known-sites.service';
import { type CostOfFile, costOfCells, keyOf, type SiteCost } from './cost';
import type { CostDto, CostsQuery, CostsWrittenDto, EnterCostsDto } from './costs.dto';
import { listCosts, sitesByCode, type StoredCost, upsertCosts } from './costs.queries';

const FILE = 'file';

/** What sites cost: entered one by one or from a file, by class. */
@Injectable()
export class CostsService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly audit: AuditLog,
    private readonly knownSites: KnownSites,
  ) {}

  async enter({ items }: EnterCostsDto): Promise<CostsWrittenDto> {
    const operatorId = ownOperator();
    const costs = items.map((item): SiteCost => ({
      siteId: item.siteId,
      month: item.month,
      kind: item.kind ?? '',
      costClass: item.costClass,
      amountFen: item.amountFen,
      note: item.note?.trim() || null,
    }));
    refuseTwins(costs);
    const siteIds = [...new Set(costs.map(({ siteId }) => siteId))];
    await this.knownSites.settle(siteIds);
    await this.knownSites.check(
      operatorId,
      costs.map(({ siteId }) => siteId),
      'items[#].siteId',
    );
    refuseForeignSites(siteIds);
    return this.db.write((tx) => this.write(tx, operatorId, costs));
  }

  /** All rows or none. The same file again changes nothing. */
  async import(rows: AsyncIterable<TableRow>, dryRun: boolean): Promise<CostsWrittenDto> {
    const operatorId = ownOperator();
    const faults = new LineFaults('cost_rows_refused');
    const read = await readRows(rows, faults);
    return this.db.write(async (tx) => {
      const codes = [...new Set(read.map(({ cost }) => cost.siteCode))];
      const sites = await sitesByCode(tx, operatorId, codes);
      const costs = read.flatMap(({ line, cost: { siteCode, ...cost } }) => {
        const siteId = sites.get(siteCode);
        if (siteId && mayReach(siteId)) return [{ ...cost, siteId }];
        const mend = 'GET /v1/sites lists your sites with their codes.';
        faults.add({ file: FILE, line, field: 'siteCode', reason: `${siteCode} is no site of yours`, mend });
        return [];
      });
      faults.refuse();
      if (!dryRun) return this.write(tx, operatorId, costs);
      await tx.sql('SAVEPOINT rehearsal');
      const counts = await this.upsert(tx, operatorId, costs);
      await tx.sql('ROLLBACK TO SAVEPOINT rehearsal');
      return written(costs.length, counts, true);
    });
  }

  list(query: CostsQuery): Promise<Page<CostDto>> {
    const after = decodeCursor(query.cursor, 5)?.map(String);
    const { siteId, kind, costClass, contractId, from, to, limit } = query;
    const filter = { siteId, kind, costClass, contractId, from, to, after, siteIds: currentActor().siteIds };
    return this.db.read(async (tx) =>
      pageOf(
        await listCosts(tx, { ...filter, limit: limit + 1 }),
        limit,
        (row) => [row.month, row.siteId, row.kind, row.costClass, row.contractId ?? ''],
        show,
      ),
    );
  }

  private async write(tx: Tx, operatorId: string, costs: SiteCost[]): Promise<CostsWrittenDto> {
    const counts = await this.upsert(tx, operatorId, costs);
    const months = [...new Set(costs.map(({ month }) => month))].sort();
    const facts = { rows: costs.length, ...counts, months: months.slice(0, 24) };
    await this.audit.record(tx, { action: 'costs:write', entityId: operatorId, operatorId, facts });
    return written(costs.length, counts, false);
  }

  private upsert(tx: Tx, operatorId: string, costs: SiteCost[]) {
    return upsertCosts(tx, costs, { operatorId, actorId: currentActor().id, now: this.clock.now() });
  }
}

async function readRows(
  rows: AsyncIterable<TableRow>,
  faults: LineFaults,
): Promise<{ line: number; cost: CostOfFile }[]> {
  // A file that is too long, or broken further down, is refused before any row is looked at.
  const all: TableRow[] = [];
  for await (const row of rows) all.push(row);
  const lineOf = new Map<string, number>();
  return all.flatMap(({ line, cells }) => {
    const at = (field: string, reason: string, mend: string) =>
      faults.add({ file: FILE, line, field, reason, mend });
    for (const [column, text] of Object.entries(cells))
      if (text && isFormula(text)) at(column, 'is a formula', 'Write the value itself.');
    const { cost, faults: broken } = costOfCells(cells);
    for (const { field, reason, mend } of broken) at(field, reason, mend);
    if (!cost) return [];
    const key = keyOf(cost, cost.siteCode);
    const first = lineOf.get(key);
    if (first !== undefined) at('', `says the same as line ${first}`, 'Leave one out.');
    lineOf.set(key, line);
    return [{ line, cost }];
  });
}

function refuseTwins(costs: readonly SiteCost[]): void {
  const first = new Map<string, number>();
  costs.forEach((cost, index) => {
    const twin = first.get(keyOf(cost, cost.siteId));
    first.set(keyOf(cost, cost.siteId), index);
    if (twin === undefined) return;
    throw new DomainError('invalid', 'cost_twice', `items[${index}] says the same as items[${twin}].`, {
      field: `items[${index}]`,
      mend: 'Give each site, month, kind and class once.',
    });
  });
}

function refuseForeignSites(siteIds: readonly string[]): void {
  const foreign = siteIds.find((siteId) => !mayReach(siteId));
  if (foreign === undefined) return;
  throw new DomainError('forbidden', 'site_not_yours', 'A site is not yours to keep costs for.', {
    mend: 'Name your own sites, or ask a portfolio manager.',
    siteIds: [foreign],
  });
}

function mayReach(siteId: string): boolean {
  const { siteIds } = currentActor();
  return siteIds === undefined || siteIds.includes(siteId);
}

export function ownOperator(): string {
  const { operatorId } = currentActor();
  if (operatorId) return operatorId;
  throw new DomainError('forbidden', 'operator_missing', 'Costs are entered by the operator that has them.', {
    mend: "Sign in as one of the operator's people.",
  });
}

function written(rows: number, counts: { added: number; changed: number }, dryRun: boolean): CostsWrittenDto {
  return { rows, ...counts, unchanged: rows - counts.added - counts.changed, dryRun };
}

function show({ kind, changedAt, ...cost }: StoredCost): CostDto {
  return { ...cost, kind: kind === '' ? null : kind, changedAt: changedAt.toISOString() };
}
