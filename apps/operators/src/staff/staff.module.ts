import { Module } from '@nestjs/common';
import { RostersModule } from '../rosters/rosters.module';
import { StaffController } from './staff.controller';
import { StaffService } from './staff.service';

@Module({ imports: [RostersModule], controllers: [StaffController], providers: [StaffService] })
export class StaffModule {}
