import type { Readable } from 'node:stream';
import { Controller, Get, Param, Post, Query, StreamableFile } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import { Access, ApiPage, PageQuery, Upload, UploadStream, UuidParam, type Page } from '@doorstep/platform';
import { ProgressDto } from './progress.dto';
import { Progress } from './progress.service';
import {
  SettlementFileDto,
  SettlementFilesQuery,
  SettlementFileLineDto,
  UploadQuery,
} from './settlement-files.dto';
import { SettlementFilesService } from './settlement-files.service';

/** A year of a very large operator in one file. */
const FILE_BYTES_MAX = 4 * 1024 ** 3;

@ApiTags('settlement files')
@Controller('v1/settlement-files')
export class SettlementFilesController {
  constructor(
    private readonly files: SettlementFilesService,
    private readonly progress: Progress,
  ) {}

  @Post()
  @Access('settlement-files:upload')
  @Upload({
    bytesMax: FILE_BYTES_MAX,
    description: "The channel's file, unchanged; a zip archive with it will do.",
    types: ['text/csv', 'application/octet-stream', 'application/zip'],
  })
  @ApiOperation({
    summary: "Upload a payment channel's bill",
    description:
      'Taken over whole or refused whole, with the faulty lines. The same file twice, or a second bill of a day, is refused with the id of the first.',
  })
  @ApiCreatedResponse({ type: SettlementFileDto, description: 'The file and what it comes to.' })
  upload(@UploadStream() file: Readable, @Query() query: UploadQuery): Promise<SettlementFileDto> {
    return this.files.upload(file, query);
  }

  @Get()
  @Access('settlement-files:read')
  @ApiOperation({ summary: 'List settlement files' })
  @ApiPage(SettlementFileDto)
  list(@Query() query: SettlementFilesQuery): Promise<Page<SettlementFileDto>> {
    return this.files.list(query);
  }

  @Get('progress/:id')
  @Access('settlement-files:read')
  @ApiOperation({ summary: 'See how far an upload or a reconciliation is', description: 'Kept for a day.' })
  @ApiOkResponse({ type: ProgressDto, description: 'The last word about it.' })
  progressOf(@Param('id', UuidParam) id: string): Promise<ProgressDto> {
    return this.progress.find(id);
  }

  @Get(':id')
  @Access('settlement-files:read')
  @ApiOperation({ summary: 'See a settlement file' })
  @ApiOkResponse({ type: SettlementFileDto, description: 'The file and what it comes to.' })
  find(@Param('id', UuidParam) id: string): Promise<SettlementFileDto> {
    return this.files.find(id);
  }

  @Get(':id/lines')
  @Access('settlement-files:read')
  @ApiOperation({ summary: 'List the lines of a settlement file with what they were matched with' })
  @ApiPage(SettlementFileLineDto)
  lines(@Param('id', UuidParam) id: string, @Query() query: PageQuery): Promise<Page<SettlementFileLineDto>> {
    return this.files.lines(id, query);
  }

  @Get(':id/original')
  @Access('settlement-files:read')
  @ApiOperation({ summary: 'Download the original, byte for byte' })
  @ApiProduces('application/octet-stream')
  @ApiOkResponse({
    description: 'The file as it was uploaded.',
    schema: { type: 'string', format: 'binary' },
  })
  async original(@Param('id', UuidParam) id: string): Promise<StreamableFile> {
    const { file, content } = await this.files.original(id);
    const disposition = `attachment; filename="${file.channel}-${file.billDay}.csv"`;
    return new StreamableFile(content, { type: 'application/octet-stream', disposition, length: file.bytes });
  }
}
