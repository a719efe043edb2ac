import type { Readable } from 'node:stream';
import { Controller, HttpCode, Post, Query, Req } from '@nestjs/common';
import { Access, readCsv, readXlsx, Upload, UploadStream } from '@doorstep/platform';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { SITE_COLUMNS } from './site-cells';
import { ImportSitesQuery, SitesImportedDto } from './site-import.dto';
import { SiteImportService } from './site-import.service';

const BYTES_MAX = 8 * 1024 * 1024;
const ROWS_MAX = 5_000;
const DESCRIPTION = `One row per site: CSV (text/csv, UTF-8) or a workbook (application/octet-stream, .xlsx), at most ${ROWS_MAX} rows.
Columns: ${SITE_COLUMNS.required.join(', ')}; if you like ${SITE_COLUMNS.optional.join(', ')}.
Opening hours in one cell: 1-5 08:00-20:00; 6,7 09:00-12:00 14:00-17:00 (1 = Monday).`;

@ApiTags('sites')
@Controller('v1/sites')
export class SiteImportController {
  constructor(private readonly imports: SiteImportService) {}

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
}
