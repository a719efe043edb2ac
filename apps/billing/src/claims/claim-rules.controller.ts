import { Body, Controller, Get, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Access, ApiPage, type Page } from '@doorstep/platform';
import { ClaimRuleDto, ClaimRulesQuery, SetClaimRuleDto } from './claim-rules.dto';
import { ClaimRulesService } from './claim-rules.service';

@ApiTags('claims')
@Controller('v1/claim-rules')
export class ClaimRulesController {
  constructor(private readonly rules: ClaimRulesService) {}

  @Post()
  @Access('programmes:write')
  @ApiOperation({ summary: 'Say what a programme wants proven in claims, from a day on' })
  @ApiCreatedResponse({ type: ClaimRuleDto, description: 'The rule.' })
  set(@Body() body: SetClaimRuleDto): Promise<ClaimRuleDto> {
    return this.rules.set(body);
  }

  @Get()
  @Access('programmes:read')
  @ApiOperation({ summary: 'List what programmes want proven' })
  @ApiPage(ClaimRuleDto)
  list(@Query() query: ClaimRulesQuery): Promise<Page<ClaimRuleDto>> {
    return this.rules.list(query);
  }
}
