import type { Readable } from 'node:stream';
import { Controller, Get, Param, Post, Query, StreamableFile } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import { Access, ApiPage, PageQuery, Upload, UploadStream, UuidParam, type Page } from '@doorstep/platform';
import {
  AccountStatementDto,
  StatementFileDto,
  AccountStatementLineDto,
  StatementsQuery,
  UploadStatementQuery,
} from './statements.dto';
import { StatementsService } from './statements.service';

const FILE_BYTES_MAX = 4 * 1024 ** 3;

@ApiTags('statements')
@Controller('v1')
export class StatementsController {
  constructor(private readonly statements: StatementsService) {}

  @Post('statement-files')
  @Access('statements:upload')
  @Upload({
    bytesMax: FILE_BYTES_MAX,
    description: "The bank's, channel's or funder's file, unchanged.",
    types: ['application/xml', 'text/csv', 'application/octet-stream', 'application/zip'],
  })
  @ApiOperation({
    summary: 'Upload statements of an account',
    description:
      'Taken over whole or refused whole, with the faulty lines. The same file twice, or a day of an account twice, is refused with the id of the first.',
  })
  @ApiCreatedResponse({ type: StatementFileDto, description: 'The file and its statements.' })
  upload(@UploadStream() file: Readable, @Query() query: UploadStatementQuery): Promise<StatementFileDto> {
    return this.statements.upload(file, query);
  }

  @Get('statement-files/:id')
  @Access('statements:read')
  @ApiOperation({ summary: 'See a file of statements' })
  @ApiOkResponse({ type: StatementFileDto, description: 'The file and its statements.' })
  findFile(@Param('id', UuidParam) id: string): Promise<StatementFileDto> {
    return this.statements.findFile(id);
  }

  @Get('statement-files/:id/original')
  @Access('statements:read')
  @ApiOperation({ summary: 'Download the original, byte for byte' })
  @ApiProduces('application/octet-stream')
  @ApiOkResponse({
    description: 'The file as it was uploaded.',
    schema: { type: 'string', format: 'binary' },
  })
  async original(@Param('id', UuidParam) id: string): Promise<StreamableFile> {
    const { file, content } = await this.statements.original(id);
    const disposition = `attachment; filename="statement-${file.id}"`;
    return new StreamableFile(content, { type: 'application/octet-stream', disposition, length: file.bytes });
  }

  @Get('account-statements')
  @Access('statements:read')
  @ApiOperation({ summary: 'List statements with how much of them is matched' })
  @ApiPage(AccountStatementDto)
  list(@Query() query: StatementsQuery): Promise<Page<AccountStatementDto>> {
    return this.statements.list(query);
  }

  @Get('account-statements/:id/lines')
  @Access('statements:read')
  @ApiOperation({ summary: 'List the lines of a statement' })
  @ApiPage(AccountStatementLineDto)
  lines(
    @Param('id', UuidParam) id: string,
    @Query() query: PageQuery,
  ): Promise<Page<AccountStatementLineDto>> {
    return this.statements.lines(id, query);
  }
}
