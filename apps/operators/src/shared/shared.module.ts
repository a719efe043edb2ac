import { Global, Module } from '@nestjs/common';
import { AuditController } from '../audit/audit.controller';
import { AuditLog } from '../audit/audit.service';
import { ChangesConsumer } from '../audit/changes.consumer';
import { Calendar } from './calendar.service';
import { RegionalRules } from './regional-rules.service';

/** What every noun of this service uses. */
@Global()
@Module({
  controllers: [AuditController, ChangesConsumer],
  providers: [AuditLog, Calendar, RegionalRules],
  exports: [AuditLog, Calendar, RegionalRules],
})
export class SharedModule {}
