import { Controller, Get, Param, Query, type StreamableFile } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Access, ApiDownload, download, FileLanguage, UuidParam } from '@doorstep/platform';
import { LANGUAGES, type Language } from '../papers/words';
import { Choice } from '../shared/fields.dto';
import { PackService } from './pack.service';

export class PackQuery {
  @Choice('pdf to read and sign, xlsx with every line in full.', ['pdf', 'xlsx'])
  format: 'pdf' | 'xlsx';

  @FileLanguage()
  language: Language = LANGUAGES[0];
}

@ApiTags('claims')
@Controller('v1/claims')
export class PackController {
  constructor(private readonly packs: PackService) {}

  @Get(':id/pack')
  @Access('claims:read')
  @ApiOperation({
    summary: 'Take a claim along',
    description:
      'As an auditor reads it: cover with totals, summary by programme and site, lines with their evidence, cuts and replies.',
  })
  @ApiDownload('The pack.', 'pdf', 'xlsx')
  async pack(@Param('id', UuidParam) id: string, @Query() query: PackQuery): Promise<StreamableFile> {
    const { name, bytes } = await this.packs.pack(id, query.format, query.language);
    return download(bytes, name, query.format);
  }
}
