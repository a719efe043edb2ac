import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { Access, ApiPage, type Page, PageQuery, UuidParam } from '@doorstep/platform';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import {
  AcceptPlanDto,
  CareGrantDto,
  CarePlanDto,
  EndPlanDto,
  PlansQuery,
  ProposePlanDto,
  SetCareGrantDto,
} from './care.dto';
import { CareGrants } from './grants.service';
import { CarePlans } from './plans.service';

const ID = { name: 'id', description: 'The plan.', format: 'uuid' };

@ApiTags('care plans')
@Controller('v1')
export class CareController {
  constructor(
    private readonly grants: CareGrants,
    private readonly plans: CarePlans,
  ) {}

  @Post('care-grants')
  @Access('care-grants:write')
  @ApiOperation({ summary: 'Set what a place grants to a care level, from a day on' })
  @ApiCreatedResponse({ type: CareGrantDto, description: 'Set.' })
  set(@Body() body: SetCareGrantDto): Promise<CareGrantDto> {
    return this.grants.set(body);
  }

  @Get('care-grants')
  @Access('care-grants:read')
  @ApiOperation({ summary: 'List what places grant to care levels' })
  @ApiPage(CareGrantDto, 'Grants in the order of their entry.')
  listGrants(@Query() query: PageQuery): Promise<Page<CareGrantDto>> {
    return this.grants.list(query);
  }

  @Post('care-plans')
  @Access('care-plans:write')
  @ApiOperation({
    summary: "Propose a plan of visits from a resident's care level",
    description:
      'Services, minutes and times a week are what the place grants to the level on that day; times are laid over what ' +
      'the site offers. Nothing is booked yet.',
  })
  @ApiCreatedResponse({ type: CarePlanDto, description: 'The proposal.' })
  propose(@Body() body: ProposePlanDto): Promise<CarePlanDto> {
    return this.plans.propose(body);
  }

  @Get('care-plans')
  @Access('care-plans:read')
  @ApiOperation({ summary: 'List care plans' })
  @ApiPage(CarePlanDto, 'Plans in the order in which they were made.')
  list(@Query() query: PlansQuery): Promise<Page<CarePlanDto>> {
    return this.plans.list(query);
  }

  @Get('care-plans/:id')
  @Access('care-plans:read')
  @ApiOperation({ summary: 'See one plan with its visits, or with what would become of them' })
  @ApiParam(ID)
  @ApiOkResponse({ type: CarePlanDto, description: 'The plan.' })
  find(@Param('id', UuidParam) id: string): Promise<CarePlanDto> {
    return this.plans.find(id);
  }

  @Post('care-plans/:id/accept')
  @HttpCode(200)
  @Access('care-plans:write')
  @ApiOperation({ summary: 'Book a plan: each line becomes a series' })
  @ApiParam(ID)
  @ApiOkResponse({ type: CarePlanDto, description: 'The plan with its visits.' })
  accept(@Param('id', UuidParam) id: string, @Body() body: AcceptPlanDto): Promise<CarePlanDto> {
    return this.plans.accept(id, body);
  }

  @Post('care-plans/:id/end')
  @HttpCode(200)
  @Access('care-plans:write')
  @ApiOperation({ summary: 'End a plan: what is still to come is cancelled' })
  @ApiParam(ID)
  @ApiOkResponse({ type: CarePlanDto, description: 'Ended.' })
  end(@Param('id', UuidParam) id: string, @Body() body: EndPlanDto): Promise<CarePlanDto> {
    return this.plans.end(id, body.reason);
  }
}
