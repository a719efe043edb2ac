import { Injectable } from '@nestjs/common';
import { DomainError, type Fen } from '@doorstep/kernel';
import { Database, decodeCursor, type Page, pageOf, type Tx } from '@doorstep/platform';
import { Calendar } from '../shared/calendar.service';
import { COST_CLASSES, type CostClass, COUNT_NAMES, type Counts } from './figure';
import { indicatorsOf, judgeTarget, type Measured } from './indicators';
import type {
  ComparedSiteDto,
  ComparisonDto,
  FiguresDto,
  GroupDto,
  KpiDto,
  PayerDto,
  RanksDto,
  SummaryDto,
} from './portfolio.dto';
import {
  ATTENTION,
  type CostSums,
  type GroupRow,
  groupsBy,
  namesOf,
  paramsOf,
  payers,
  type PayerRow,
  type Slice,
  type TargetRow,
  TARGETS,
  TOTAL,
  TOTAL_COSTS,
} from './portfolio.queries';
import type { ComparisonQuery, GroupsQuery, SliceQuery } from './portfolio.query.dto';
import { maySeeCosts, monthsOf, sliceOf } from './portfolio.slice';

/** The chain operator's figures, from the whole down to a site's kinds and who pays for them. */
@Injectable()
export class PortfolioService {
  constructor(
    private readonly db: Database,
    private readonly calendar: Calendar,
  ) {}

  summary(query: SliceQuery): Promise<SummaryDto> {
    const today = this.calendar.today();
    const slice = sliceOf(query, today);
    return this.db.read(async (tx) => {
      const params = paramsOf(slice);
      const [total] = await tx.sql<Counts & { sites: number }>(TOTAL, params);
      const costs = maySeeCosts() ? (await tx.sql<CostSums>(TOTAL_COSTS, params))[0] : undefined;
      const where = [slice.region ?? null, slice.siteIds ?? null, slice.contractId ?? null, today];
      const [attention] = await tx.sql<SummaryDto['attention']>(ATTENTION, where);
      return { ...monthsOf(query, today), sites: total.sites, ...figuresOf(total, costs), attention };
    });
  }

  groups(query: GroupsQuery): Promise<Page<GroupDto>> {
    const { by, sort, order, limit } = query;
    const withCosts = maySeeCosts();
    if (sort === 'margin' && !withCosts) throw marginsNotYours();
    const [rank, key] = decodeCursor(query.cursor, 2) ?? [null, null];
    const slice = sliceOf(query, this.calendar.today());
    return this.db.read(async (tx) => {
      const params = [...paramsOf(slice), rank, key, limit + 1];
      const rows = await tx.sql<GroupRow>(groupsBy(by, sort, order === 'desc', withCosts), params);
      const names = await namesOf(
        tx,
        by,
        rows.map((row) => row.key),
      );
      return pageOf(
        rows,
        limit,
        (row) => [row.rank, row.key],
        (row) => groupOf(row, names, withCosts),
      );
    });
  }

  payers(query: SliceQuery): Promise<Page<PayerDto>> {
    const withCosts = maySeeCosts();
    const [payer, funder] = decodeCursor(query.cursor, 2) ?? [null, null];
    const slice = sliceOf(query, this.calendar.today());
    return this.db.read(async (tx) => {
      const rows = await tx.sql<PayerRow>(payers(withCosts), [
        ...paramsOf(slice),
        payer,
        funder,
        query.limit + 1,
      ]);
      const names = await namesOf(tx, 'organisation', idsOf(rows));
      return pageOf(
        rows,
        query.limit,
        (row) => [row.payer, row.funderId ?? ''],
        ({ costFen, ...row }): PayerDto => ({
          ...row,
          name: names.get(row.funderId ?? '') ?? null,
          ...(withCosts && { costFen, marginFen: row.revenueFen - costFen }),
        }),
      );
    });
  }

  comparison(query: ComparisonQuery): Promise<ComparisonDto> {
    const withCosts = maySeeCosts();
    const slice = sliceOf(query, this.calendar.today());
    const siteIds = query.siteIds.filter((id) => !slice.siteIds || slice.siteIds.includes(id));
    return this.db.read(async (tx) => {
      const rows = await this.rowsBySite(tx, { ...slice, siteIds }, withCosts);
      const names = await namesOf(tx, 'site', siteIds);
      const ordered = siteIds.flatMap((id) => rows.filter((row) => row.key === id.toLowerCase()));
      const groups = [...new Set(ordered)].map((row) => groupOf(row, names, withCosts));
      const together = rows.length > 0 ? figuresOf(addUp(rows), withCosts ? addUp(rows) : undefined) : null;
      return { items: groups.map((group) => ({ ...group, ranks: ranksOf(group, groups) })), together };
    });
  }

  kpis(query: SliceQuery): Promise<Page<KpiDto>> {
    const withCosts = maySeeCosts();
    const [contract, metric] = decodeCursor(query.cursor, 2) ?? [null, null];
    const slice = sliceOf(query, this.calendar.today());
    return this.db.read(async (tx) => {
      const params = [slice.from, slice.to, query.contractId ?? null, contract, metric, query.limit + 1];
      const targets = await tx.sql<TargetRow>(TARGETS, params);
      const measured = await measuredByContract(tx, slice, targets, withCosts);
      return pageOf(
        targets,
        query.limit,
        (row) => [row.contractId, row.metric],
        (row): KpiDto => ({
          contractId: row.contractId,
          contractNumber: row.number,
          metric: row.metric,
          target: row.target,
          ...judgeTarget(row.metric, row.target, measured.get(row.contractId) ?? NOTHING(withCosts)),
        }),
      );
    });
  }

  private rowsBySite(tx: Tx, slice: Slice, withCosts: boolean): Promise<GroupRow[]> {
    return tx.sql<GroupRow>(groupsBy('site', 'key', false, withCosts), [...paramsOf(slice), null, null, 100]);
  }
}

async function measuredByContract(
  tx: Tx,
  slice: Slice,
  targets: readonly TargetRow[],
  withCosts: boolean,
): Promise<Map<string, Measured>> {
  const contractIds = [...new Set(targets.map(({ contractId }) => contractId))];
  const params = [...paramsOf({ ...slice, contractIds }), null, null, contractIds.length];
  const rows = await tx.sql<GroupRow>(groupsBy('contract', 'key', false, withCosts), params);
  return new Map(rows.map((row) => [row.key, measuredOf(row, withCosts ? row : undefined)]));
}

function measuredOf(sums: Counts, costs: CostSums | undefined): Measured {
  return { ...sums, ...(costs && { costsFen: costs satisfies Record<CostClass, Fen> }) };
}

function groupOf(row: GroupRow, names: Map<string, string>, withCosts: boolean): GroupDto {
  return { key: row.key, name: names.get(row.key) ?? null, ...figuresOf(row, withCosts ? row : undefined) };
}

export function figuresOf(sums: Counts, costs: CostSums | undefined): FiguresDto {
  return {
    ...countsOf(sums),
    ...indicatorsOf(measuredOf(sums, costs)),
    ...(costs && costColumns(costs)),
  };
}

export function costColumns(costs: CostSums) {
  return {
    baseLabourFen: costs.base_labour,
    serviceLabourFen: costs.service_labour,
    materialsFen: costs.materials,
    premisesFen: costs.premises,
  };
}

/** Counts alone, of a row that says more. */
function countsOf(row: Counts): Counts {
  return Object.fromEntries(COUNT_NAMES.map((name) => [name, row[name]])) as unknown as Counts;
}

function addUp(rows: readonly GroupRow[]): Counts & CostSums {
  return Object.fromEntries(
    [...COUNT_NAMES, ...COST_CLASSES].map((name) => [
      name,
      rows.reduce((total, row) => total + row[name], 0),
    ]),
  ) as unknown as Counts & CostSums;
}

function NOTHING(withCosts: boolean): Measured {
  const nothing = addUp([]);
  return measuredOf(nothing, withCosts ? nothing : undefined);
}

function ranksOf(site: GroupDto, all: readonly GroupDto[]): ComparedSiteDto['ranks'] {
  const place = (of: (group: GroupDto) => number | null | undefined): number | null => {
    const own = of(site);
    if (own === null || own === undefined) return null;
    return 1 + all.filter((other) => (of(other) ?? -Infinity) > own).length;
  };
  const ranks: RanksDto = {
    utilisation: place(({ utilisationBp }) => utilisationBp),
    attendance: place(({ attendanceBp }) => attendanceBp),
    revenue: place(({ revenueFen }) => revenueFen),
  };
  return site.costFen === undefined ? ranks : { ...ranks, margin: place(({ marginBp }) => marginBp) };
}

export function idsOf(rows: readonly { funderId: string | null }[]): string[] {
  return [...new Set(rows.flatMap(({ funderId }) => funderId ?? []))];
}

function marginsNotYours(): DomainError {
  return new DomainError('forbidden', 'margins_not_yours', 'Margins are for the operator alone.', {
    field: 'sort',
    mend: 'Sort by key, revenue, utilisation or visits.',
  });
}
