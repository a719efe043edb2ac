import { Module } from '@nestjs/common';
import { HandoversSweeper } from '../reference/handovers.sweeper';
import { ReferenceConsumer } from '../reference/reference.consumer';
import { CapacityTeller } from './capacity.teller';
import { SessionsController } from './sessions.controller';
import { SessionsMaker } from './sessions.maker';
import { Sessions } from './sessions.service';

/** Sessions, and the read models of the other services that they are made from. */
@Module({
  controllers: [SessionsController, ReferenceConsumer],
  providers: [HandoversSweeper, Sessions, SessionsMaker, CapacityTeller],
  exports: [SessionsMaker],
})
export class SessionsModule {}
