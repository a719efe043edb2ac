import { Global, Module } from '@nestjs/common';
import { AuditController } from '../audit/audit.controller';
import { AuditLog } from '../audit/audit.service';
import { Calendar } from './calendar.service';

/** What every noun of this service uses. */
@Global()
@Module({ controllers: [AuditController], providers: [AuditLog, Calendar], exports: [AuditLog, Calendar] })
export class SharedModule {}
