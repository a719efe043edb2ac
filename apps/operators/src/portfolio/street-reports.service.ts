import { Injectable } from '@nestjs/common';
import { kindWord, words } from '@doorstep/kernel';
import {
  column,
  Database,
  decodeCursor,
  inYuan,
  type Page,
  pageOf,
  type Table,
  tableIn,
  type Tx,
} from '@doorstep/platform';
import { Calendar } from '../shared/calendar.service';
import { ratioBp } from './indicators';
import type { StreetDto } from './portfolio.dto';
import {
  namesOf,
  paramsOf,
  PEOPLE,
  QUALITY,
  type QualityRow,
  type Slice,
  type StreetRow,
  STREETS,
} from './portfolio.queries';
import type { StreetFileQuery, StreetReportQuery } from './portfolio.query.dto';
import { sliceOf } from './portfolio.slice';

/** All the streets of the country's largest city are some two hundred. */
const FILE_ROWS_MAX = 10_000;

/** The monthly report to street offices: what was there, who came, and what of the subsidy was used. */
@Injectable()
export class StreetReportsService {
  constructor(
    private readonly db: Database,
    private readonly calendar: Calendar,
  ) {}

  list(query: StreetReportQuery): Promise<Page<StreetDto>> {
    const [after] = decodeCursor(query.cursor, 1) ?? [null];
    const slice = this.sliceOfMonth(query);
    return this.db.read(async (tx) => {
      const rows = await tx.sql<StreetRow>(STREETS, [...paramsOf(slice), after, query.limit + 1]);
      const show = await shower(tx, slice, rows);
      return pageOf(rows, query.limit, ({ street }) => [street], show);
    });
  }

  table(query: StreetFileQuery): Promise<Table> {
    const slice = this.sliceOfMonth(query);
    return this.db.read(async (tx) => {
      const rows = await tx.sql<StreetRow>(STREETS, [...paramsOf(slice), null, FILE_ROWS_MAX]);
      const show = await shower(tx, slice, rows);
      return tableIn(query.language, NAME, COLUMNS, rows.map(show));
    });
  }

  /** The month that a report is about, when none is named. */
  month({ month }: Pick<StreetReportQuery, 'month'>): string {
    return month ?? this.calendar.today().slice(0, 7);
  }

  private sliceOfMonth(query: Omit<StreetReportQuery, 'limit' | 'cursor'>): Slice {
    const { region, contractId } = query;
    return sliceOf({ from: this.month(query), region, contractId }, this.calendar.today());
  }
}

async function shower(
  tx: Tx,
  slice: Slice,
  rows: readonly StreetRow[],
): Promise<(row: StreetRow) => StreetDto> {
  const streets = rows.map(({ street }) => street);
  const names = await namesOf(tx, 'street', streets);
  const params = [slice.from, slice.to, streets, slice.siteIds ?? null, slice.contractId ?? null];
  const counted = await tx.sql<{ street: string; people: number }>(PEOPLE, params);
  const judged = await tx.sql<QualityRow>(QUALITY, params);
  const people = new Map(counted.map((row) => [row.street, row.people]));
  const quality = new Map(judged.map((row) => [row.street, row]));
  return (row) => ({
    street: row.street,
    name: names.get(row.street) ?? null,
    month: slice.from.slice(0, 7),
    sites: row.sites,
    kinds: row.kinds,
    people: people.get(row.street) ?? 0,
    visits: row.visits,
    utilisationBp: ratioBp(row.booked, row.capacity),
    ...qualityOf(quality.get(row.street)),
    subsidyFen: row.fundersFen,
  });
}

function qualityOf(row: QualityRow | undefined) {
  return {
    starsCenti: row?.starsCenti ?? null,
    ratings: row?.ratings ?? 0,
    complaints: row?.complaints ?? 0,
    findings: row?.findings ?? 0,
  };
}

const hundredth = (value: number | null): number | null => (value === null ? null : value / 100);

const NAME = words('街道月报', 'Street report');
const COLUMNS = [
  column<StreetDto>('月份', 'Month', ({ month }) => month),
  column<StreetDto>('街道代码', 'Street code', ({ street }) => street),
  column<StreetDto>('街道', 'Street', ({ name }) => name),
  column<StreetDto>('站点数', 'Sites', ({ sites }) => sites),
  column<StreetDto>('服务类型', 'Services', ({ kinds }, language) =>
    kinds.map((kind) => kindWord(kind, language)).join(language === 'en' ? ', ' : '、'),
  ),
  column<StreetDto>('服务人数', 'People', ({ people }) => people),
  column<StreetDto>('服务人次', 'Visits', ({ visits }) => visits),
  column<StreetDto>('利用率（%）', 'Utilisation (%)', ({ utilisationBp }) => hundredth(utilisationBp)),
  column<StreetDto>('平均星级', 'Stars', ({ starsCenti }) => hundredth(starsCenti)),
  column<StreetDto>('评价数', 'Ratings', ({ ratings }) => ratings),
  column<StreetDto>('投诉数', 'Complaints', ({ complaints }) => complaints),
  column<StreetDto>('检查发现数', 'Findings', ({ findings }) => findings),
  column<StreetDto>('补贴金额（元）', 'Subsidy (yuan)', ({ subsidyFen }) => inYuan(subsidyFen)),
];
