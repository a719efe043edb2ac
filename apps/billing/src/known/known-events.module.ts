import { Module } from '@nestjs/common';
import { ChargesModule } from '../charges/charges.module';
import { KnownConsumer } from './known.consumer';

/** Apart from KnownModule, because what waits for news (charges) itself looks things up there. */
@Module({ imports: [ChargesModule], controllers: [KnownConsumer] })
export class KnownEventsModule {}
