import { Injectable } from '@nestjs/common';
import { DomainError, kindWord, sayer, words } from '@doorstep/kernel';
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
import type { MarginDto } from './portfolio.dto';
import { type MarginRow, MARGINS, namesOf, paramsOf } from './portfolio.queries';
import type { MarginFileQuery, SliceQuery } from './portfolio.query.dto';
import { costColumns, idsOf } from './portfolio.service';
import { sliceOf } from './portfolio.slice';

const FILE_ROWS_MAX = 100_000;

/** Contribution margin by site, kind and funding source: the chain operator's core figure. */
@Injectable()
export class MarginsService {
  constructor(
    private readonly db: Database,
    private readonly calendar: Calendar,
  ) {}

  list(query: SliceQuery): Promise<Page<MarginDto>> {
    const after = decodeCursor(query.cursor, 4) ?? [null, null, null, null];
    const slice = sliceOf(query, this.calendar.today());
    return this.db.read(async (tx) => {
      const params = [...paramsOf(slice), ...after, query.limit + 1];
      const rows = await tx.sql<MarginRow>(MARGINS, params);
      const show = await shower(tx, rows);
      const keyOf = (row: MarginRow) => [row.siteId, row.kind, row.payer, row.funderId ?? ''];
      return pageOf(rows, query.limit, keyOf, show);
    });
  }

  /** All of it, with amounts in yuan. */
  table(query: MarginFileQuery): Promise<Table> {
    const slice = sliceOf(query, this.calendar.today());
    return this.db.read(async (tx) => {
      const params = [...paramsOf(slice), null, null, null, null, FILE_ROWS_MAX + 1];
      const rows = await tx.sql<MarginRow>(MARGINS, params);
      if (rows.length > FILE_ROWS_MAX) throw fileTooLong();
      const show = await shower(tx, rows);
      return tableIn(query.language, NAME, COLUMNS, rows.map(show));
    });
  }
}

async function shower(tx: Tx, rows: readonly MarginRow[]): Promise<(row: MarginRow) => MarginDto> {
  const sites = await namesOf(tx, 'site', [...new Set(rows.map(({ siteId }) => siteId))]);
  const funders = await namesOf(tx, 'organisation', idsOf(rows));
  return (row) => {
    const costFen = row.base_labour + row.service_labour + row.materials + row.premises;
    return {
      siteId: row.siteId,
      siteName: sites.get(row.siteId) ?? null,
      kind: row.kind === '' ? null : row.kind,
      payer: row.payer,
      funderId: row.funderId,
      funderName: funders.get(row.funderId ?? '') ?? null,
      revenueFen: row.revenueFen,
      ...costColumns(row),
      costFen,
      marginFen: row.revenueFen - costFen,
    };
  };
}

const payerWord = sayer({
  resident: words('居民', 'Resident'),
  funder: words('资助方', 'Funder'),
  operator: words('运营方', 'Operator'),
});

const NAME = words('边际贡献', 'Contribution margins');
const COLUMNS = [
  column<MarginDto>('站点', 'Site', ({ siteName, siteId }) => siteName ?? siteId),
  column<MarginDto>('服务类型', 'Kind of service', ({ kind }, language) => kind && kindWord(kind, language)),
  column<MarginDto>('付款方', 'Payer', ({ payer }, language) => payerWord(payer, language)),
  column<MarginDto>('资助方', 'Funder', ({ funderName, funderId }) => funderName ?? funderId),
  column<MarginDto>('收入（元）', 'Revenue (yuan)', ({ revenueFen }) => inYuan(revenueFen)),
  column<MarginDto>('固定人工（元）', 'Base labour (yuan)', ({ baseLabourFen }) => inYuan(baseLabourFen)),
  column<MarginDto>('服务人工（元）', 'Service labour (yuan)', ({ serviceLabourFen }) =>
    inYuan(serviceLabourFen),
  ),
  column<MarginDto>('物料（元）', 'Materials (yuan)', ({ materialsFen }) => inYuan(materialsFen)),
  column<MarginDto>('场地（元）', 'Premises (yuan)', ({ premisesFen }) => inYuan(premisesFen)),
  column<MarginDto>('成本合计（元）', 'Costs (yuan)', ({ costFen }) => inYuan(costFen)),
  column<MarginDto>('边际贡献（元）', 'Margin (yuan)', ({ marginFen }) => inYuan(marginFen)),
];

function fileTooLong(): DomainError {
  return new DomainError(
    'too_large',
    'file_too_long',
    `The file would have more than ${FILE_ROWS_MAX} rows.`,
    {
      mend: 'Ask for one contract, region or site at a time.',
      rowsMax: FILE_ROWS_MAX,
    },
  );
}
