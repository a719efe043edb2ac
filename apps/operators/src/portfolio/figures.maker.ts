import { Injectable } from '@nestjs/common';
import type { Day, Fen } from '@doorstep/kernel';
import { Database, Periodic, type Tx } from '@doorstep/platform';
import {
  type Cell,
  type Cost,
  type CostClass,
  COUNT_COLUMNS,
  COUNT_NAMES,
  type MarginLine,
  monthOf,
  type Place,
} from './figure';
import {
  CELLS,
  type CellRow,
  type CostRow,
  COSTS,
  ELSEWHERE,
  type ElsewhereRow,
  FORGET_DAY_FUNDERS,
  FORGET_DAYS,
  forgetMonths,
  type FunderRow,
  FUNDERS,
  insertRows,
  MAKE_DAY_FUNDERS,
  MAKE_DAYS,
  MAKE_PEOPLE,
  type SiteMonth,
  TAKE_DUE,
} from './figures.queries';

export const MAKE_FIGURES = 'portfolio-figures';
const DUE_PER_ROUND = 1_000;

type Owned<T> = T & { operatorId: string };
interface MonthRows {
  figures: object[];
  funders: object[];
  costs: object[];
  margins: object[];
}

/**
 * Makes the figures of days that are due again, from the facts as they are now, and of the months that they lie in. By one
 * process at a time; what it makes depends on nothing but facts, costs and standings, in whatever order these came.
 */
@Injectable()
export class FiguresMaker {
  constructor(private readonly db: Database) {}

  @Periodic({ everyMs: 1_000, name: MAKE_FIGURES })
  async makeDue(): Promise<void> {
    while ((await this.round()) === DUE_PER_ROUND);
  }

  private round(): Promise<number> {
    return this.db.write(async (tx) => {
      const taken = await tx.sql<{ siteId: string; day: Day }>(TAKE_DUE, [DUE_PER_ROUND]);
      if (taken.length === 0) return 0;
      const days = [...new Map(taken.map((due) => [`${due.siteId} ${due.day}`, due])).values()];
      const byDay = [days.map(({ siteId }) => siteId), days.map(({ day }) => day)];
      for (const statement of [FORGET_DAYS, FORGET_DAY_FUNDERS, MAKE_DAYS, MAKE_DAY_FUNDERS])
        await tx.sql(statement, byDay);
      await makeMonths(tx, days);
      return taken.length;
    });
  }
}

async function makeMonths(tx: Tx, days: readonly { siteId: string; day: Day }[]): Promise<void> {
  const months = new Map<string, SiteMonth>();
  for (const { siteId, day } of days) {
    const first = `${day.slice(0, 7)}-01`;
    months.set(`${siteId} ${first}`, { siteId, first });
  }
  const byMonth = [
    [...months.values()].map(({ siteId }) => siteId),
    [...months.values()].map(({ first }) => first),
  ];
  const cells = grouped(await tx.sql<CellRow>(CELLS, byMonth));
  const funders = grouped(await tx.sql<FunderRow>(FUNDERS, byMonth));
  const costs = grouped(await tx.sql<CostRow>(COSTS, byMonth));
  const elsewhere = grouped(await tx.sql<ElsewhereRow>(ELSEWHERE, byMonth));
  const all: MonthRows = { figures: [], funders: [], costs: [], margins: [] };
  for (const [key, month] of months) {
    const rows = rowsOf(
      month,
      cells.get(key) ?? [],
      funders.get(key) ?? [],
      costs.get(key) ?? [],
      elsewhere.get(key)?.[0],
    );
    for (const part of ['figures', 'funders', 'costs', 'margins'] as const) all[part].push(...rows[part]);
  }
  for (const [table, rows] of [
    ['portfolio_figure', all.figures],
    ['portfolio_funder', all.funders],
    ['portfolio_cost', all.costs],
    ['portfolio_margin', all.margins],
  ] as const) {
    await tx.sql(forgetMonths(table), byMonth);
    if (rows.length > 0) await tx.sql(insertRows(table), [JSON.stringify(rows)]);
  }
  await tx.sql(forgetMonths('portfolio_people'), byMonth);
  await tx.sql(MAKE_PEOPLE, byMonth);
}

/** The rows of one site's month. A site that passed to another operator in the month has figures of both. */
function rowsOf(
  { siteId, first }: SiteMonth,
  cells: CellRow[],
  funders: FunderRow[],
  costs: CostRow[],
  elsewhere: ElsewhereRow | undefined,
): MonthRows {
  const rows: MonthRows = { figures: [], funders: [], costs: [], margins: [] };
  const at = placeKey;
  for (const operatorId of new Set([...cells, ...costs].map((row) => row.operatorId))) {
    const own: Owned<Cell>[] = cells
      .filter((cell) => cell.operatorId === operatorId)
      .map((cell) => ({ ...cell, funders: funders.filter((funder) => at(funder) === at(cell)) }));
    const paid: Cost[] = costs.filter((cost) => cost.operatorId === operatorId);
    const place = { contractId: elsewhere?.contractId ?? null, regionCode: elsewhere?.regionCode ?? '' };
    const month = monthOf(own, paid, place);
    const where = (of: Place) => ({
      operator_id: operatorId,
      site_id: siteId,
      month: first,
      contract_id: of.contractId,
      region_code: of.regionCode,
      kind: of.kind,
    });
    rows.figures.push(...month.cells.map((cell) => ({ ...where(cell), ...figureColumns(cell) })));
    rows.costs.push(...month.costs.map((cost) => ({ ...where(cost), ...costColumns(cost.costsFen) })));
    rows.margins.push(...month.margins.map((line) => ({ ...where(line), ...marginColumns(line) })));
    rows.funders.push(
      ...month.cells.flatMap((cell) =>
        cell.funders.map(({ funderId, amountFen }) => ({
          ...where(cell),
          funder_id: funderId,
          amount_fen: amountFen,
        })),
      ),
    );
  }
  return rows;
}

function figureColumns(cell: Cell): object {
  return Object.fromEntries(COUNT_NAMES.map((name) => [COUNT_COLUMNS[name], cell[name]]));
}

function marginColumns({ payer, funderId, revenueFen, costsFen }: MarginLine): object {
  return {
    payer,
    funder_id: funderId,
    revenue_fen: revenueFen,
    ...costColumns(costsFen),
  };
}

function costColumns(costsFen: Record<CostClass, Fen>): object {
  return {
    base_labour_fen: costsFen.base_labour,
    service_labour_fen: costsFen.service_labour,
    materials_fen: costsFen.materials,
    premises_fen: costsFen.premises,
  };
}

function grouped<T extends SiteMonth>(rows: readonly T[]): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const key = `${row.siteId} ${row.first}`;
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  return groups;
}

function placeKey({ contractId, regionCode, kind }: Place): string {
  return `${contractId ?? ''} ${regionCode} ${kind}`;
}
