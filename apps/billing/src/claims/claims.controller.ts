import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Access, ApiPage, UuidParam, type Page } from '@doorstep/platform';
import {
  ClaimDto,
  ClaimLineDto,
  ClaimLinesQuery,
  ClaimsQuery,
  DrawUpClaimDto,
  HoldBackDto,
} from './claims.dto';
import { ClaimsService } from './claims.service';

@ApiTags('claims')
@Controller('v1/claims')
export class ClaimsController {
  constructor(private readonly claims: ClaimsService) {}

  @Post()
  @Access('claims:create')
  @ApiOperation({
    summary: "Draw up a funder's claim",
    description:
      'A line for every captured share of the month that no claim has yet, for what was corrected since, and for cuts that were objected to; checked before it can be submitted.',
  })
  @ApiCreatedResponse({ type: ClaimDto, description: 'The draft, with what would be sent back.' })
  drawUp(@Body() body: DrawUpClaimDto): Promise<ClaimDto> {
    return this.claims.drawUp(body);
  }

  @Get()
  @Access('claims:read')
  @ApiOperation({ summary: 'List claims' })
  @ApiPage(ClaimDto)
  list(@Query() query: ClaimsQuery): Promise<Page<ClaimDto>> {
    return this.claims.list(query);
  }

  @Get(':id')
  @Access('claims:read')
  @ApiOperation({ summary: 'See a claim' })
  @ApiOkResponse({ type: ClaimDto, description: 'The claim.' })
  find(@Param('id', UuidParam) id: string): Promise<ClaimDto> {
    return this.claims.find(id);
  }

  @Get(':id/lines')
  @Access('claims:read')
  @ApiOperation({
    summary: "List a claim's lines",
    description: 'One share of a charge each, with what proves it.',
  })
  @ApiPage(ClaimLineDto)
  lines(@Param('id', UuidParam) id: string, @Query() query: ClaimLinesQuery): Promise<Page<ClaimLineDto>> {
    return this.claims.lines(id, query);
  }

  @Post(':id/submit')
  @HttpCode(200)
  @Access('claims:submit')
  @ApiOperation({ summary: 'Submit a claim', description: 'Refused while it has findings.' })
  @ApiOkResponse({ type: ClaimDto, description: 'The submitted claim.' })
  submit(@Param('id', UuidParam) id: string): Promise<ClaimDto> {
    return this.claims.submit(id);
  }

  @Post(':id/hold-back')
  @HttpCode(200)
  @Access('claims:create')
  @ApiOperation({ summary: 'Take lines out of a draft', description: 'A later claim asks for them.' })
  @ApiOkResponse({ type: ClaimDto, description: 'The draft without them, checked anew.' })
  holdBack(@Param('id', UuidParam) id: string, @Body() body: HoldBackDto): Promise<ClaimDto> {
    return this.claims.holdBack(id, body.lineIds);
  }

  @Post(':id/discard')
  @HttpCode(200)
  @Access('claims:create')
  @ApiOperation({ summary: 'Throw a draft away', description: 'All of it can be claimed again.' })
  @ApiOkResponse({ type: ClaimDto, description: 'The draft as it was.' })
  discard(@Param('id', UuidParam) id: string): Promise<ClaimDto> {
    return this.claims.discard(id);
  }
}
