import type { Readable } from 'node:stream';
import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { Access, ApiPage, type Page, Upload, UploadStream, UuidParam } from '@doorstep/platform';
import { ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { CODE_COLUMNS, FIGURE_COLUMNS } from './region-cells';
import { RegionFilesService } from './region-files.service';
import { RegionCodeParam } from './region-code.pipe';
import { RegionProgressDto } from './region-progress.dto';
import { RegionProgress } from './region-progress.service';
import {
  ImportedDto,
  ImportFileQuery,
  ImportRegionsDto,
  RegionDto,
  RegionsQuery,
  RevisionFileQuery,
} from './regions.dto';
import { RegionsService } from './regions.service';
import { RegionHistoryDto, RevisedByFileDto, RevisedDto, ReviseRegionsDto } from './successions.dto';
import { SUCCESSION_COLUMNS, SuccessionsService } from './successions.service';

/** All villages of the country are 38 MB. */
const FILE_BYTES_MAX = 64 * 1024 * 1024;
/** A hundred thousand rows of two codes. */
const REVISION_BYTES_MAX = 4 * 1024 * 1024;
const columnsOf = ({ required, optional }: typeof CODE_COLUMNS) =>
  `${required.join(', ')}; if you like ${optional.join(', ')}`;

@ApiTags('regions')
@Controller('v1/regions')
export class RegionsController {
  constructor(
    private readonly regions: RegionsService,
    private readonly files: RegionFilesService,
    private readonly progress: RegionProgress,
    private readonly successions: SuccessionsService,
  ) {}

  @Post('import')
  @HttpCode(200)
  @Access('regions:import')
  @ApiOperation({ summary: 'Add and update regions, all rows or none' })
  @ApiOkResponse({ type: ImportedDto, description: 'What was, or would be, written.' })
  import(@Body() body: ImportRegionsDto): Promise<ImportedDto> {
    return this.regions.import(body);
  }

  @Post('import-file')
  @HttpCode(200)
  @Access('regions:import')
  @Upload({
    bytesMax: FILE_BYTES_MAX,
    types: ['text/csv'],
    description: `CSV in UTF-8 with a header. Codes: ${columnsOf(CODE_COLUMNS)}. Figures: ${columnsOf(FIGURE_COLUMNS)}.`,
  })
  @ApiOperation({ summary: 'Import a CSV file of codes or of figures, all rows or none' })
  @ApiOkResponse({ type: ImportedDto, description: 'What was, or would be, written.' })
  importFile(@Query() query: ImportFileQuery, @UploadStream() file: Readable): Promise<ImportedDto> {
    const { source, year, kind, dryRun, progressId } = query;
    const files = [{ name: 'file', open: () => file }];
    const report = this.progress.reporter(progressId, null);
    return this.files.import({
      ...{ files, source, year, kind, dryRun: dryRun === 'true' },
      onProgress: ({ phase, rows, of }) => report(phase, rows, of ?? null),
    });
  }

  @Get('progress/:id')
  @Access('regions:import')
  @ApiOperation({ summary: 'See how far an import is', description: 'Kept for a day.' })
  @ApiParam({ name: 'id', format: 'uuid', description: 'The progressId that the import was given.' })
  @ApiOkResponse({ type: RegionProgressDto, description: 'The last word about it.' })
  progressOf(@Param('id', UuidParam) id: string): Promise<RegionProgressDto> {
    return this.progress.find(id);
  }

  @Post('successions')
  @HttpCode(200)
  @Access('regions:import')
  @ApiOperation({
    summary: 'Revise codes: retire old ones in favour of those that take their place, and move their sites',
  })
  @ApiOkResponse({ type: RevisedDto, description: 'What was done, and what somebody has to decide.' })
  revise(@Body() body: ReviseRegionsDto): Promise<RevisedDto> {
    return this.successions.revise(body);
  }

  @Post('successions/import-file')
  @HttpCode(200)
  @Access('regions:import')
  @Upload({
    bytesMax: REVISION_BYTES_MAX,
    types: ['text/csv'],
    description: `CSV in UTF-8 with the columns ${SUCCESSION_COLUMNS.required.join(' and ')}, at most ${SUCCESSION_COLUMNS.rowsMax} rows.`,
  })
  @ApiOperation({ summary: 'Revise codes by a CSV file, all rows or none' })
  @ApiOkResponse({ type: RevisedByFileDto, description: 'What was done, and what somebody has to decide.' })
  reviseByFile(
    @Query() { source, year, dryRun }: RevisionFileQuery,
    @UploadStream() file: Readable,
  ): Promise<RevisedByFileDto> {
    const edition = { source, year, dryRun: dryRun === 'true' };
    return this.successions.reviseByFile({ name: 'file', open: () => file }, edition);
  }

  @Get(':code/history')
  @Access('regions:read')
  @ApiOperation({ summary: 'See the names that a region had, what it came from and what became of it' })
  @ApiParam({ name: 'code', description: 'Statistics code.', example: '310101013' })
  @ApiOkResponse({ type: RegionHistoryDto, description: 'Its past and its future.' })
  history(@Param('code', RegionCodeParam) code: string): Promise<RegionHistoryDto> {
    return this.successions.history(code);
  }

  @Get()
  @Access('regions:read')
  @ApiOperation({ summary: 'List regions by parent, level or enclosing region' })
  @ApiPage(RegionDto, 'Regions in the order of their codes.')
  list(@Query() query: RegionsQuery): Promise<Page<RegionDto>> {
    return this.regions.list(query);
  }

  @Get(':code')
  @Access('regions:read')
  @ApiOperation({ summary: 'See one region' })
  @ApiParam({ name: 'code', description: 'Statistics code.', example: '310101013' })
  @ApiOkResponse({ type: RegionDto, description: 'The region.' })
  find(@Param('code', RegionCodeParam) code: string): Promise<RegionDto> {
    return this.regions.find(code);
  }
}
