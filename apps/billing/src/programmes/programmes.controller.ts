import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Access, ApiPage, UuidParam, type Page } from '@doorstep/platform';
import { BudgetsService } from './budgets.service';
import {
  BudgetDto,
  BudgetsQuery,
  ChangeBudgetDto,
  CreateProgrammeDto,
  ProgrammeDto,
  ProgrammesQuery,
  SetBudgetDto,
} from './programmes.dto';
import { ProgrammesService } from './programmes.service';
import { TermsDto } from './terms.dto';

@ApiTags('programmes')
@Controller('v1/programmes')
export class ProgrammesController {
  constructor(
    private readonly programmes: ProgrammesService,
    private readonly budgets: BudgetsService,
  ) {}

  @Post()
  @Access('programmes:write')
  @ApiOperation({
    summary: 'Set up a subsidy programme',
    description: 'It gives nothing until it has a budget for the place and time of a service.',
  })
  @ApiCreatedResponse({ type: ProgrammeDto, description: 'The programme.' })
  create(@Body() body: CreateProgrammeDto): Promise<ProgrammeDto> {
    return this.programmes.create(body);
  }

  @Get()
  @Access('programmes:read')
  @ApiOperation({ summary: 'List subsidy programmes' })
  @ApiPage(ProgrammeDto)
  list(@Query() query: ProgrammesQuery): Promise<Page<ProgrammeDto>> {
    return this.programmes.list(query);
  }

  @Get(':id')
  @Access('programmes:read')
  @ApiOperation({ summary: 'See a subsidy programme with its rules in time' })
  @ApiOkResponse({ type: ProgrammeDto, description: 'The programme.' })
  find(@Param('id', UuidParam) id: string): Promise<ProgrammeDto> {
    return this.programmes.find(id);
  }

  @Post(':id/terms')
  @Access('programmes:write')
  @ApiOperation({
    summary: 'Change the rules of a programme from a day on',
    description: 'The rules that hold until then end on that day. Charges that are authorised keep theirs.',
  })
  @ApiCreatedResponse({ type: ProgrammeDto, description: 'The programme with all its terms.' })
  changeTerms(@Param('id', UuidParam) id: string, @Body() body: TermsDto): Promise<ProgrammeDto> {
    return this.programmes.changeTerms(id, body);
  }

  @Post(':id/budgets')
  @Access('budgets:write')
  @ApiOperation({
    summary: 'Set a budget of a programme',
    description:
      'A service draws on the budget of the smallest region, then of the shortest period, that covers it.',
  })
  @ApiCreatedResponse({ type: BudgetDto, description: 'The budget.' })
  setBudget(@Param('id', UuidParam) id: string, @Body() body: SetBudgetDto): Promise<BudgetDto> {
    return this.budgets.set(id, body);
  }

  @Get(':id/budgets')
  @Access('budgets:read')
  @ApiOperation({ summary: 'List the budgets of a programme: amount, reserved, spent' })
  @ApiPage(BudgetDto)
  listBudgets(@Param('id', UuidParam) id: string, @Query() query: BudgetsQuery): Promise<Page<BudgetDto>> {
    return this.budgets.list(id, query);
  }

  @Post(':id/budgets/:budgetId/amount')
  @HttpCode(200)
  @Access('budgets:write')
  @ApiOperation({
    summary: 'Raise or lower a budget',
    description: 'Never below what is reserved and spent.',
  })
  @ApiOkResponse({ type: BudgetDto, description: 'The budget.' })
  changeBudget(
    @Param('id', UuidParam) id: string,
    @Param('budgetId', UuidParam) budgetId: string,
    @Body() body: ChangeBudgetDto,
  ): Promise<BudgetDto> {
    return this.budgets.change(id, budgetId, body);
  }
}
