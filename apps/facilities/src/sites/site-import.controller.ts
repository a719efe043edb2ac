import type { Readable } from 'node:stream';
import { Controller, Get, HttpCode, Post, Query, Req, type StreamableFile } from '@nestjs/common';
import {
  Access,
  ApiDownload,
  downloadTable,
  readCsv,
  readXlsx,
  Upload,
  UploadStream,
} from '@doorstep/platform';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { STAGES } from './course';
import { NOTES_COLUMN } from './milestone-notes';
import { FUNDING_SOURCES } from './project';
import { CLEARED, ROWS_MAX, SITE_COLUMNS } from './site-cells';
import { ImportSitesQuery, SiteFileQuery, SitesImportedDto } from './site-import.dto';
import { SiteExportService } from './site-export.service';
import { SiteImportService } from './site-import.service';

const BYTES_MAX = 8 * 1024 * 1024;
const DESCRIPTION = `One row per site: CSV (text/csv, UTF-8) or a workbook (application/octet-stream, .xlsx), at most ${ROWS_MAX} rows.
Columns: ${SITE_COLUMNS.required.join(', ')}; if you like ${SITE_COLUMNS.optional.join(', ')}.
Opening hours in one cell: 1-5 08:00-20:00; 6,7 09:00-12:00 14:00-17:00 (1 = Monday), or closed.
Opening exceptions, both days in: 2026-10-01..2026-10-07 closed 国庆; 2026-12-24 09:00-12:00; 2027-07-01..2027-08-31 1-5 08:00-21:00 暑期.
A column that is left out leaves what is known of a site. An empty cell clears: no English name, no exceptions, no plan, no cost, no funding, no notes;
time zone and rules of holidays as a new site has them (${CLEARED.timeZone}, ${CLEARED.onHoliday}). The answer, also of a dry run, says what was cleared.
What must be there can't be cleared: the row is refused. Status and days of stages can't either, for what has happened is not taken back: there an empty cell says nothing.
Days of stages (${STAGES.join(', ')}) are recorded as milestones, each once; they are never rewritten. Several suspensions and resumptions: 2026-05-01; 2026-10-01.
Why a stage was reached or under which paper (${NOTES_COLUMN}), all of them in one cell: ${STAGES[0]} 2026-02-01 沪民〔2026〕8号; ${STAGES[5]} 2026-10-01 消防整改.
What building costs in yuan, and who pays: ${FUNDING_SOURCES[0]} 1800000 文号; ${FUNDING_SOURCES[3]} 5000.`;

@ApiTags('sites')
@Controller('v1/sites')
export class SiteImportController {
  constructor(
    private readonly imports: SiteImportService,
    private readonly exports: SiteExportService,
  ) {}

  @Post('import-file')
  @HttpCode(200)
  @Access('sites:create')
  @Upload({ bytesMax: BYTES_MAX, types: ['text/csv', 'application/octet-stream'], description: DESCRIPTION })
  @ApiOperation({ summary: "Enter and change sites from a file, by the owner's own codes, all rows or none" })
  @ApiOkResponse({ type: SitesImportedDto, description: 'What was, or would be, written.' })
  import(
    @Query() { operatorId, dryRun }: ImportSitesQuery,
    @Req() request: FastifyRequest,
    @UploadStream() file: Readable,
  ): Promise<SitesImportedDto> {
    const layout = { ...SITE_COLUMNS, rowsMax: ROWS_MAX };
    const isCsv = request.headers['content-type']?.startsWith('text/csv');
    const rows = isCsv ? readCsv(file, layout) : readXlsx(file, layout);
    return this.imports.import({ rows, operatorId, dryRun: dryRun === 'true' });
  }

  @Get('file')
  @Access('projects:read')
  @ApiOperation({
    summary: "Take an operator's sites along as the file that their import takes: CSV or XLSX",
  })
  @ApiDownload('One row per site, in the order of the codes.', 'csv', 'xlsx')
  async export(@Query() query: SiteFileQuery): Promise<StreamableFile> {
    return downloadTable(await this.exports.export(query), 'sites', query.format);
  }
}
