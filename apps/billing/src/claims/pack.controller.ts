import { Controller, Get, Param, Query, StreamableFile } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Access, UuidParam } from '@doorstep/platform';
import { LANGUAGES, type Language } from '../papers/words';
import { Choice } from '../shared/fields.dto';
import { PackService } from './pack.service';

const TYPES = {
  pdf: 'application/pdf',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
};
const FILE = { type: 'string', format: 'binary', description: 'The file.' };

export class PackQuery {
  @Choice('pdf to read and sign, xlsx with every line in full.', ['pdf', 'xlsx'])
  format: keyof typeof TYPES;

  @Choice('Language of the pack.', LANGUAGES, { optional: true })
  language: Language = 'zh-CN';
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
  @ApiOkResponse({
    description: 'The pack.',
    content: Object.fromEntries(Object.values(TYPES).map((type) => [type, { schema: FILE }])),
  })
  async pack(@Param('id', UuidParam) id: string, @Query() query: PackQuery): Promise<StreamableFile> {
    const { name, bytes } = await this.packs.pack(id, query.format, query.language);
    return new StreamableFile(bytes, {
      type: TYPES[query.format],
      disposition: `attachment; filename="${name}"`,
      length: bytes.length,
    });
  }
}
