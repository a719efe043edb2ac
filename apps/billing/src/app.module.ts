import { Module, type DynamicModule } from '@nestjs/common';
import { BillingChangeRecorded } from '@doorstep/contracts';
import { PlatformModule } from '@doorstep/platform';
import { ChargesModule } from './charges/charges.module';
import { ClaimsModule } from './claims/claims.module';
import type { BillingConfig } from './config';
import { ContractSettlementsModule } from './contract-settlements/contract-settlements.module';
import { DepositsModule } from './deposits/deposits.module';
import { DunningModule } from './dunning/dunning.module';
import { entities } from './entities';
import { ExceptionsModule } from './exceptions/exceptions.module';
import { ExpiriesModule } from './expiries/expiries.module';
import { FapiaoModule } from './fapiao/fapiao.module';
import { InvoicesModule } from './invoices/invoices.module';
import { KnownEventsModule } from './known/known-events.module';
import { LedgerModule } from './ledger/ledger.module';
import { MatchesModule } from './matches/matches.module';
import { migrations } from './migrations';
import { MonthlyFeesModule } from './monthly-fees/monthly-fees.module';
import { PackagesModule } from './packages/packages.module';
import { PacksModule } from './packs/packs.module';
import { PapersModule } from './papers/papers.module';
import { PaymentsModule } from './payments/payments.module';
import { PeriodsModule } from './periods/periods.module';
import { PrepaidModule } from './prepaid/prepaid.module';
import { PricesModule } from './prices/prices.module';
import { ProgrammesModule } from './programmes/programmes.module';
import { QuotesModule } from './quotes/quotes.module';
import { ReRatingsModule } from './re-ratings/re-ratings.module';
import { RemittancesModule } from './remittances/remittances.module';
import { SettlementFilesModule } from './settlement-files/settlement-files.module';
import { ReconciliationsModule } from './reconciliations/reconciliations.module';
import { ReportsModule } from './reports/reports.module';
import { StatementsModule } from './statements/statements.module';

/** What residents, funders and operators owe each other, and whether the money came. */
@Module({})
export class AppModule {
  static with(config: BillingConfig): DynamicModule {
    return {
      module: AppModule,
      imports: [
        PlatformModule.forService({
          name: 'billing',
          config,
          entities,
          migrations,
          changes: BillingChangeRecorded,
        }),
        KnownEventsModule,
        PricesModule,
        ProgrammesModule,
        PacksModule,
        QuotesModule,
        ChargesModule,
        ClaimsModule,
        RemittancesModule,
        ExceptionsModule,
        LedgerModule,
        InvoicesModule,
        DunningModule,
        FapiaoModule,
        PapersModule,
        ReconciliationsModule,
        ReportsModule,
        ReRatingsModule,
        MonthlyFeesModule,
        PaymentsModule,
        PrepaidModule,
        PackagesModule,
        DepositsModule,
        ExpiriesModule,
        SettlementFilesModule,
        StatementsModule,
        MatchesModule,
        PeriodsModule,
        ContractSettlementsModule,
      ],
    };
  }
}
