import { type DynamicModule, Module } from '@nestjs/common';
import { PlatformModule } from '@doorstep/platform';
import { ApiClientsModule } from './api-clients/api-clients.module';
import { BookingsModule } from './bookings/bookings.module';
import { ComplaintsModule } from './complaints/complaints.module';
import type { OperatorsConfig } from './config';
import { ContractsModule } from './contracts/contracts.module';
import { CostsModule } from './costs/costs.module';
import { entities } from './entities';
import { InspectionsModule } from './inspections/inspections.module';
import { LicencesModule } from './licences/licences.module';
import { migrations } from './migrations';
import { OrganisationsModule } from './organisations/organisations.module';
import { PeopleModule } from './people/people.module';
import { RostersModule } from './rosters/rosters.module';
import { PortfolioModule } from './portfolio/portfolio.module';
import { SessionsModule } from './sessions/sessions.module';
import { SharedModule } from './shared/shared.module';
import { SitesModule } from './sites/sites.module';
import { StaffModule } from './staff/staff.module';

@Module({})
export class AppModule {
  static with(config: OperatorsConfig): DynamicModule {
    return {
      module: AppModule,
      imports: [
        PlatformModule.forService({ name: 'operators', config, entities, migrations }),
        SharedModule,
        OrganisationsModule,
        PeopleModule,
        ApiClientsModule,
        SessionsModule,
        SitesModule,
        ContractsModule,
        StaffModule,
        LicencesModule,
        InspectionsModule,
        ComplaintsModule,
        RostersModule,
        BookingsModule,
        CostsModule,
        PortfolioModule,
      ],
    };
  }
}
