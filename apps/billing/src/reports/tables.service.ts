import { Injectable } from '@nestjs/common';
import { DomainError, type Language, type Words, words } from '@doorstep/kernel';
import { Clock, csvOf, currentActor, Database, xlsxOf } from '@doorstep/platform';
import { Paper } from '../papers/paper.writer';
import { monthWord } from '../papers/words';
import {
  cellsOf,
  paperCellsOf,
  paperColumnsOf,
  spreadsheetOf,
  sumsOf,
  TABLES,
  totalOf,
  type Cells,
  type TableName,
} from './tables';
import type { ReportFileQuery, ReportQuery, ReportTableDto } from './tables.dto';
import { spoken } from './spoken';
import { TABLE_QUERIES } from './tables.queries';

/** Rows of one report; a report sums up, so more are a mistake of whoever asks for too much at once. */
const ROWS_MAX = 20_000;
const LANDSCAPE_FROM_COLUMNS = 6;
/** So many amounts are read on a sheet of twice the size. */
const A3_FROM_COLUMNS = 14;

const CONTRACT = words('合同', 'Contract');
const UNIT = words('金额单位：元', 'Amounts in yuan');

const titlesOf = (title: Words) => ({ titleZh: title['zh-CN'], titleEn: title.en });

/** Reports of a month as tables: for programs, for spreadsheets, on paper. */
@Injectable()
export class TablesService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  async table(name: TableName, { period, contractId }: ReportQuery): Promise<ReportTableDto> {
    const sort = TABLES[name];
    const rows = cellsOf(sort, await this.read(name, period, contractId));
    const columns = sort.columns.map(({ key, title, unit }) => ({ key, ...titlesOf(title), unit }));
    return { period, ...titlesOf(sort.title), columns, rows, sums: sumsOf(sort, rows) ?? null };
  }

  async file(name: TableName, { format, language, ...query }: ReportFileQuery): Promise<Buffer> {
    const table = await this.table(name, query);
    const rows = spoken(name, table.rows, language);
    if (format === 'csv') return csvOf(spreadsheetOf(name, rows, language));
    if (format === 'xlsx') return xlsxOf(spreadsheetOf(name, rows, language));
    return this.pdf(name, query, { rows, sums: table.sums, language });
  }

  private async pdf(
    name: TableName,
    query: ReportQuery,
    { rows, sums, language }: { rows: Cells[]; sums: Cells | null; language: Language },
  ): Promise<Buffer> {
    const sort = TABLES[name];
    const title = sort.title[language];
    const { operator, about } = await this.heading(query, language);
    const landscape = sort.columns.length >= LANDSCAPE_FROM_COLUMNS;
    const size = sort.columns.length >= A3_FROM_COLUMNS ? 'A3' : 'A4';
    const paper = new Paper(
      { left: `${title}　${about}`, page: (n, of) => `${n} / ${of}` },
      { title, author: operator, at: this.clock.now(), landscape, size },
    );
    paper.heading({ issuer: operator, sub: about, title, number: query.period });
    await paper.table(
      paperColumnsOf(sort, language),
      rows.map((row) => paperCellsOf(sort, row)),
      0,
      sums ? paperCellsOf(sort, totalOf(sums, language)) : undefined,
    );
    return paper.bytes();
  }

  private heading(
    { period, contractId }: ReportQuery,
    language: Language,
  ): Promise<{ operator: string; about: string }> {
    return this.db.read(async (tx) => {
      const [of] = await tx.sql<{ operator: string | null; contract: string | null }>(
        `SELECT (SELECT name FROM known_organisation WHERE id = $1) AS operator,
                (SELECT number FROM known_contract WHERE id = $2) AS contract`,
        [currentActor().organisationId, contractId ?? null],
      );
      const parts = [
        of.contract && `${CONTRACT[language]} ${of.contract}`,
        ...[monthWord(period, language), UNIT[language]],
      ];
      return { operator: of.operator ?? '', about: parts.filter(Boolean).join('　') };
    });
  }

  private read(
    name: TableName,
    period: string,
    contractId: string | undefined,
  ): Promise<Record<string, string | number | null>[]> {
    return this.db.read(async (tx) => {
      const rows = await tx.sql<Record<string, string | number | null>>(
        `SELECT * FROM (${TABLE_QUERIES[name]}) AS report LIMIT ${ROWS_MAX + 1}`,
        [`${period}-01`, contractId ?? null],
      );
      if (rows.length <= ROWS_MAX) return rows;
      throw new DomainError('too_large', 'report_too_large', `The report has more than ${ROWS_MAX} rows.`, {
        field: 'contractId',
        mend: 'Ask for one contract at a time.',
      });
    });
  }
}
