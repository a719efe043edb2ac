import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Access, ApiPage, UuidParam, type Page } from '@doorstep/platform';
import { LedgerReader } from './ledger-reader.service';
import {
  AccountDto,
  AccountsQuery,
  EntriesQuery,
  EntryDto,
  StatementLineDto,
  StatementQuery,
  TrialBalanceDto,
  TrialBalanceQuery,
} from './ledger.dto';

@ApiTags('ledger')
@Controller('v1/ledger')
export class LedgerController {
  constructor(private readonly ledger: LedgerReader) {}

  @Get('trial-balance')
  @Access('ledger:read')
  @ApiOperation({ summary: 'Trial balance as of a day', description: 'By contract and kind of account.' })
  @ApiOkResponse({ type: TrialBalanceDto, description: 'Debits and credits; their sums are equal.' })
  trialBalance(@Query() query: TrialBalanceQuery): Promise<TrialBalanceDto> {
    return this.ledger.trialBalance(query);
  }

  @Get('accounts')
  @Access('ledger:read')
  @ApiOperation({ summary: 'List accounts with their balances' })
  @ApiPage(AccountDto)
  accounts(@Query() query: AccountsQuery): Promise<Page<AccountDto>> {
    return this.ledger.accounts(query);
  }

  @Get('accounts/:id/entries')
  @Access('ledger:read')
  @ApiOperation({ summary: 'Statement of an account', description: 'Each line with the balance after it.' })
  @ApiPage(StatementLineDto)
  statement(
    @Param('id', UuidParam) id: string,
    @Query() query: StatementQuery,
  ): Promise<Page<StatementLineDto>> {
    return this.ledger.statement(id, query);
  }

  @Get('entries')
  @Access('ledger:read')
  @ApiOperation({
    summary: 'List entries with their lines',
    description: 'In the order in which they were recorded.',
  })
  @ApiPage(EntryDto)
  entries(@Query() query: EntriesQuery): Promise<Page<EntryDto>> {
    return this.ledger.entries(query);
  }
}
