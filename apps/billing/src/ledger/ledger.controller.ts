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
  @ApiOperation({
    summary: 'Trial balance as of a day',
    description:
      'By contract and kind of account. pendingFen is what was reserved at the end of the day: authorised by then, for services of whatever day, and neither posted (by the day of the entry) nor released by then. Days are China’s. Of charges that had ended before Doorstep kept these days, two things are not known: when those that first waited for news were authorised – the day on which the booking was heard of stands for it – and the resident’s part that was reserved, and the contract, where the service cost less or its site had passed on – those of the capture stand for them.',
  })
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
