import type { Readable } from 'node:stream';
import { Body, Controller, Get, HttpCode, Post, Query, Req } from '@nestjs/common';
import { Access, ApiPage, type Page, readCsv, readXlsx, Upload, UploadStream } from '@doorstep/platform';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { COST_COLUMNS } from './cost';
import { CostDto, CostsQuery, CostsWrittenDto, EnterCostsDto, ImportCostsQuery } from './costs.dto';
import { CostsService } from './costs.service';

const BYTES_MAX = 8 * 1024 * 1024;
const ROWS_MAX = 50_000;
const DESCRIPTION = `One row per cost: CSV (text/csv, UTF-8) or a workbook (application/octet-stream, .xlsx), at most ${ROWS_MAX} rows.
Columns: ${COST_COLUMNS.required.join(', ')}; if you like ${COST_COLUMNS.optional.join(', ')} (no kind: the whole site).
Of premises only what contracts don't say: their rent is taken over by POST /v1/costs/rents.`;

@ApiTags('costs')
@Controller('v1/costs')
export class CostsController {
  constructor(private readonly costs: CostsService) {}

  @Post()
  @HttpCode(200)
  @Access('costs:write')
  @ApiOperation({
    summary: 'Enter what sites cost in a month, by class; the same again changes nothing',
    description:
      "Of premises only what contracts don't say: their rent is taken over by POST /v1/costs/rents.",
  })
  @ApiOkResponse({ type: CostsWrittenDto, description: 'What was written.' })
  enter(@Body() body: EnterCostsDto): Promise<CostsWrittenDto> {
    return this.costs.enter(body);
  }

  @Post('import-file')
  @HttpCode(200)
  @Access('costs:write')
  @Upload({ bytesMax: BYTES_MAX, types: ['text/csv', 'application/octet-stream'], description: DESCRIPTION })
  @ApiOperation({ summary: "Enter costs from a file, by the sites' own codes, all rows or none" })
  @ApiOkResponse({ type: CostsWrittenDto, description: 'What was, or would be, written.' })
  import(
    @Query() { dryRun }: ImportCostsQuery,
    @Req() request: FastifyRequest,
    @UploadStream() file: Readable,
  ): Promise<CostsWrittenDto> {
    const layout = { ...COST_COLUMNS, rowsMax: ROWS_MAX };
    const isCsv = request.headers['content-type']?.startsWith('text/csv');
    const rows = isCsv ? readCsv(file, layout) : readXlsx(file, layout);
    return this.costs.import(rows, dryRun === 'true');
  }

  @Get()
  @Access('costs:read')
  @ApiOperation({ summary: 'List costs of sites' })
  @ApiPage(CostDto, 'Costs by month, site, kind and class.')
  list(@Query() query: CostsQuery): Promise<Page<CostDto>> {
    return this.costs.list(query);
  }
}
