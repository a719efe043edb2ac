import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Access, ApiPage, UuidParam, type Page } from '@doorstep/platform';
import { ChargeDetailDto, ChargeDto, ChargesQuery } from './charges.dto';
import { ChargesService } from './charges.service';

@ApiTags('charges')
@Controller('v1/charges')
export class ChargesController {
  constructor(private readonly charges: ChargesService) {}

  @Get()
  @Access('charges:read')
  @ApiOperation({ summary: 'List charges', description: 'Oldest first.' })
  @ApiPage(ChargeDto)
  list(@Query() query: ChargesQuery): Promise<Page<ChargeDto>> {
    return this.charges.list(query);
  }

  @Get(':id')
  @Access('charges:read')
  @ApiOperation({ summary: 'See a charge with its trace and ledger entries' })
  @ApiOkResponse({ type: ChargeDetailDto, description: 'The charge.' })
  find(@Param('id', UuidParam) id: string): Promise<ChargeDetailDto> {
    return this.charges.find(id);
  }
}
