import { Body, Controller, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Access, ApiPage, UuidParam, type Page } from '@doorstep/platform';
import {
  StatementAccountsQuery,
  ChangeAccountDto,
  OpenAccountDto,
  StatementAccountDto,
} from './statement-accounts.dto';
import { StatementAccountsService } from './statement-accounts.service';

@ApiTags('statements')
@Controller('v1/statement-accounts')
export class StatementAccountsController {
  constructor(private readonly accounts: StatementAccountsService) {}

  @Post()
  @Access('statement-accounts:write')
  @ApiOperation({
    summary: 'Enter an account whose statements come in',
    description:
      "A bank account, the operator's own account at a payment channel, or a funder's lists of what it paid.",
  })
  @ApiCreatedResponse({ type: StatementAccountDto, description: 'The account.' })
  open(@Body() body: OpenAccountDto): Promise<StatementAccountDto> {
    return this.accounts.open(body);
  }

  @Get()
  @Access('statement-accounts:read')
  @ApiOperation({ summary: 'List accounts whose statements come in' })
  @ApiPage(StatementAccountDto)
  list(@Query() query: StatementAccountsQuery): Promise<Page<StatementAccountDto>> {
    return this.accounts.list(query);
  }

  @Get(':id')
  @Access('statement-accounts:read')
  @ApiOperation({ summary: 'See an account whose statements come in' })
  @ApiOkResponse({ type: StatementAccountDto, description: 'The account.' })
  find(@Param('id', UuidParam) id: string): Promise<StatementAccountDto> {
    return this.accounts.find(id);
  }

  @Patch(':id')
  @Access('statement-accounts:write')
  @ApiOperation({ summary: 'Change how the statements of an account are read' })
  @ApiOkResponse({ type: StatementAccountDto, description: 'The account.' })
  change(@Param('id', UuidParam) id: string, @Body() body: ChangeAccountDto): Promise<StatementAccountDto> {
    return this.accounts.change(id, body);
  }
}
