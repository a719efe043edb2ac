import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Access, ApiPage, UuidParam, type Page } from '@doorstep/platform';
import {
  DepositDetailDto,
  DepositDto,
  DepositsQuery,
  DepositStatementDto,
  DepositStatementQuery,
  ReturnDepositDto,
  SetOffDepositDto,
  TakeDepositDto,
} from './deposits.dto';
import { DepositsService } from './deposits.service';

@ApiTags('deposits')
@Controller('v1')
export class DepositsController {
  constructor(private readonly deposits: DepositsService) {}

  @Post('deposits')
  @Access('deposits:take')
  @ApiOperation({
    summary: 'Take a deposit',
    description:
      "For a place in childcare, a court …: a payment like any other, which its channel's bill confirms, and no revenue: it is owed to the resident.",
  })
  @ApiCreatedResponse({ type: DepositDetailDto, description: 'The deposit.' })
  take(@Body() body: TakeDepositDto): Promise<DepositDetailDto> {
    return this.deposits.take(body);
  }

  @Get('deposits')
  @Access('deposits:read')
  @ApiOperation({ summary: 'List deposits', description: 'Oldest first.' })
  @ApiPage(DepositDto)
  list(@Query() query: DepositsQuery): Promise<Page<DepositDto>> {
    return this.deposits.list(query);
  }

  @Get('deposit-statements')
  @Access('deposits:read')
  @ApiOperation({
    summary: "See the statement of a resident's deposits of a month",
    description: 'What was held before, what came in and went out, what is held after: as the ledger has it.',
  })
  @ApiOkResponse({ type: DepositStatementDto, description: 'The statement.' })
  statement(@Query() query: DepositStatementQuery): Promise<DepositStatementDto> {
    return this.deposits.statement(query);
  }

  @Get('deposits/:id')
  @Access('deposits:read')
  @ApiOperation({ summary: 'See a deposit with what was set off and returned' })
  @ApiOkResponse({ type: DepositDetailDto, description: 'The deposit.' })
  find(@Param('id', UuidParam) id: string): Promise<DepositDetailDto> {
    return this.deposits.find(id);
  }

  @Post('deposits/:id/refunds')
  @Access('deposits:settle')
  @ApiOperation({
    summary: 'Return a deposit, or part of it',
    description: 'By the channel that brought it.',
  })
  @ApiCreatedResponse({ type: DepositDetailDto, description: 'The deposit afterwards.' })
  giveBack(@Param('id', UuidParam) id: string, @Body() body: ReturnDepositDto): Promise<DepositDetailDto> {
    return this.deposits.giveBack(id, body);
  }

  @Post('deposits/:id/set-offs')
  @Access('deposits:settle')
  @ApiOperation({
    summary: 'Set a deposit off against what is owed',
    description:
      'Delivered services and fees of its resident under its contract: all that is open, or the amount that is named; refused when less is held.',
  })
  @ApiCreatedResponse({ type: DepositDetailDto, description: 'The deposit afterwards.' })
  setOff(@Param('id', UuidParam) id: string, @Body() body: SetOffDepositDto): Promise<DepositDetailDto> {
    return this.deposits.setOff(id, body);
  }
}
