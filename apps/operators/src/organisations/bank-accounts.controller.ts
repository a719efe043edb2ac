import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { Access, UuidParam } from '@doorstep/platform';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { BankAccountDto, BankAccountsDto, EnterBankAccountDto } from './bank-accounts.dto';
import { BankAccountsService } from './bank-accounts.service';

const ID = { name: 'id', format: 'uuid', description: "The organisation's id." };

@ApiTags('organisations')
@Controller('v1/organisations/:id/bank-accounts')
export class BankAccountsController {
  constructor(private readonly accounts: BankAccountsService) {}

  @Post()
  @Access('bank-accounts:write')
  @ApiOperation({ summary: "Enter an organisation's bank account; one in use for each purpose" })
  @ApiParam(ID)
  @ApiCreatedResponse({ type: BankAccountDto, description: 'Entered.' })
  enter(@Param('id', UuidParam) id: string, @Body() body: EnterBankAccountDto): Promise<BankAccountDto> {
    return this.accounts.enter(id, body);
  }

  @Get()
  @Access('bank-accounts:read')
  @ApiOperation({ summary: "See an organisation's bank accounts" })
  @ApiParam(ID)
  @ApiOkResponse({ type: BankAccountsDto, description: 'The accounts.' })
  list(@Param('id', UuidParam) id: string): Promise<BankAccountsDto> {
    return this.accounts.list(id);
  }

  @Post(':accountId/close')
  @HttpCode(200)
  @Access('bank-accounts:write')
  @ApiOperation({ summary: 'Close a bank account' })
  @ApiParam(ID)
  @ApiParam({ name: 'accountId', format: 'uuid', description: "The bank account's id." })
  @ApiOkResponse({ type: BankAccountDto, description: 'Closed, or closed before.' })
  close(
    @Param('id', UuidParam) id: string,
    @Param('accountId', UuidParam) accountId: string,
  ): Promise<BankAccountDto> {
    return this.accounts.close(id, accountId);
  }
}
