import { Module } from '@nestjs/common';
import { ChargesModule } from '../charges/charges.module';
import { ResidentMergesService } from '../residents/merges.service';
import { KnownConsumer } from './known.consumer';

/** Apart from KnownModule, because what waits for news (charges) itself looks things up there. */
@Module({ imports: [ChargesModule], controllers: [KnownConsumer], providers: [ResidentMergesService] })
export class KnownEventsModule {}
