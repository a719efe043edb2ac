import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { Access, ApiPage, type Page, UuidParam } from '@doorstep/platform';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { AmendmentDto, AmendmentsQuery, HandOverDto, ProposeAmendmentDto } from './amendments.dto';
import { AmendmentsService } from './amendments.service';
import { BroughtSitesDto } from './contract-sites.dto';
import { HandoversService } from './handovers.service';

const ID = { name: 'id', format: 'uuid', description: "The contract's id." };
const AMENDMENT_ID = { name: 'amendmentId', format: 'uuid', description: "The amendment's id." };

@ApiTags('contracts')
@Controller('v1/contracts/:id')
export class AmendmentsController {
  constructor(
    private readonly amendments: AmendmentsService,
    private readonly handovers: HandoversService,
  ) {}

  @Post('amendments')
  @Access('contracts:amend')
  @ApiOperation({
    summary: 'Propose a change of a signed contract from a day on',
    description: 'It holds once both parties have signed it. Terms of past days never change.',
  })
  @ApiParam(ID)
  @ApiCreatedResponse({ type: AmendmentDto, description: 'Proposed.' })
  propose(@Param('id', UuidParam) id: string, @Body() body: ProposeAmendmentDto): Promise<AmendmentDto> {
    return this.amendments.propose(id, body);
  }

  @Get('amendments')
  @Access('contracts:read')
  @ApiOperation({ summary: 'List the amendments of a contract' })
  @ApiParam(ID)
  @ApiPage(AmendmentDto, 'Amendments in the order of their proposal.')
  list(@Param('id', UuidParam) id: string, @Query() query: AmendmentsQuery): Promise<Page<AmendmentDto>> {
    return this.amendments.list(id, query);
  }

  @Get('amendments/:amendmentId')
  @Access('contracts:read')
  @ApiOperation({ summary: 'See one amendment' })
  @ApiParam(ID)
  @ApiParam(AMENDMENT_ID)
  @ApiOkResponse({ type: AmendmentDto, description: 'The amendment.' })
  find(
    @Param('id', UuidParam) id: string,
    @Param('amendmentId', UuidParam) amendmentId: string,
  ): Promise<AmendmentDto> {
    return this.amendments.find(id, amendmentId);
  }

  @Post('amendments/:amendmentId/signatures')
  @Access('contracts:sign')
  @ApiOperation({ summary: 'Sign an amendment for the own organisation; the second signature makes it hold' })
  @ApiParam(ID)
  @ApiParam(AMENDMENT_ID)
  @ApiCreatedResponse({ type: AmendmentDto, description: 'The amendment with the signature.' })
  sign(
    @Param('id', UuidParam) id: string,
    @Param('amendmentId', UuidParam) amendmentId: string,
  ): Promise<AmendmentDto> {
    return this.amendments.sign(id, amendmentId);
  }

  @Post('amendments/:amendmentId/withdraw')
  @HttpCode(200)
  @Access('contracts:amend')
  @ApiOperation({ summary: 'Withdraw an amendment that is not agreed on yet' })
  @ApiParam(ID)
  @ApiParam(AMENDMENT_ID)
  @ApiOkResponse({ type: AmendmentDto, description: 'Withdrawn.' })
  withdraw(
    @Param('id', UuidParam) id: string,
    @Param('amendmentId', UuidParam) amendmentId: string,
  ): Promise<AmendmentDto> {
    return this.amendments.withdraw(id, amendmentId);
  }

  @Post('handovers')
  @Access('contracts:terminate')
  @ApiOperation({
    summary: 'Hand sites over to another contract of the same operator on a day',
    description: 'No day without a contract and none with two; bookings of later days stay valid.',
  })
  @ApiParam(ID)
  @ApiCreatedResponse({ type: BroughtSitesDto, description: 'The standings under the other contract.' })
  handOver(@Param('id', UuidParam) id: string, @Body() body: HandOverDto): Promise<BroughtSitesDto> {
    return this.handovers.handOver(id, body);
  }
}
