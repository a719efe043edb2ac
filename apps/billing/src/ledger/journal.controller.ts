import { Controller, Get, Query, StreamableFile } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import { Access } from '@doorstep/platform';
import { VerificationDto, VerificationQuery } from './chain.dto';
import { ChainService } from './chain.service';
import { ExportQuery } from './export.dto';
import { ExportService } from './export.service';

@ApiTags('ledger')
@Controller('v1/ledger')
export class JournalController {
  constructor(
    private readonly chain: ChainService,
    private readonly exports: ExportService,
  ) {}

  @Get('verification')
  @Access('ledger:read')
  @ApiOperation({
    summary: "Verify the journal's chain of hashes",
    description:
      'Computes each link anew from the entries as they are now and names the first that does not hold. Long chains in several calls.',
  })
  @ApiOkResponse({ type: VerificationDto, description: 'What was looked at, and what is broken.' })
  verify(@Query() query: VerificationQuery): Promise<VerificationDto> {
    return this.chain.verify(query);
  }

  @Get('export')
  @Access('ledger:read')
  @ApiOperation({
    summary: 'Take the ledger along for beancount or hledger',
    description: 'Every account and entry, and at the end what each account comes to, for the tool to check.',
  })
  @ApiProduces('text/plain')
  @ApiOkResponse({ description: 'The journal.', schema: { type: 'string', format: 'binary' } })
  async export(@Query() query: ExportQuery): Promise<StreamableFile> {
    const extension = query.format === 'hledger' ? 'journal' : 'beancount';
    return new StreamableFile(await this.exports.export(query), {
      type: 'text/plain; charset=utf-8',
      disposition: `attachment; filename="ledger.${extension}"`,
    });
  }
}
