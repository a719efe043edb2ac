import { Injectable } from '@nestjs/common';
import { DomainError, kindWord } from '@doorstep/kernel';
import { Database, decodeCursor, inYuan, type Page, pageOf, type Table, type Tx } from '@doorstep/platform';
import { Calendar } from '../shared/calendar.service';
import type { MarginDto } from './portfolio.dto';
import { type MarginRow, MARGINS, namesOf, paramsOf } from './portfolio.queries';
import type { MarginFileQuery, SliceQuery } from './portfolio.query.dto';
import { costColumns, idsOf } from './portfolio.service';
import { sliceOf } from './portfolio.slice';
import { heading, payerWord, sheetName, type Words } from './portfolio.words';

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
      return tableOf(rows.map(show), query.language);
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

const COLUMNS = [
  ...['site', 'kind', 'payer', 'funder', 'revenueYuan', 'baseLabourYuan', 'serviceLabourYuan'],
  ...['materialsYuan', 'premisesYuan', 'costYuan', 'marginYuan'],
];

function tableOf(margins: readonly MarginDto[], language: Words): Table {
  return {
    name: sheetName('margins', language),
    columns: COLUMNS.map((column) => heading(column, language)),
    rows: margins.map((row) => [
      row.siteName ?? row.siteId,
      language && row.kind ? kindWord(row.kind, language) : row.kind,
      ...[payerWord(row.payer, language), row.funderName ?? row.funderId],
      ...[row.revenueFen, row.baseLabourFen, row.serviceLabourFen, row.materialsFen].map(inYuan),
      ...[row.premisesFen, row.costFen, row.marginFen].map(inYuan),
    ]),
  };
}

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
