import { Module } from '@nestjs/common';
import { ApiClientsModule } from '../api-clients/api-clients.module';
import { PeopleModule } from '../people/people.module';
import { InternalController } from './internal.controller';
import { SessionsService } from './sessions.service';

@Module({
  imports: [PeopleModule, ApiClientsModule],
  controllers: [InternalController],
  providers: [SessionsService],
})
export class SessionsModule {}
