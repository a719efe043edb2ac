import { Controller } from '@nestjs/common';
import {
  BookingCancelled,
  BookingExpired,
  BookingHeld,
  BookingNoShow,
  BookingRejected,
  ServiceDelivered,
  VisitContradicted,
} from '@doorstep/contracts';
import { OnEventsAlone, type Received } from '@doorstep/platform';
import { CapturesService } from './captures.service';
import { DoubtsService } from './doubts.service';
import { HoldsService } from './holds.service';
import { type BookingEnded, ReleasesService } from './releases.service';

/** The life of a charge, as bookings tells it. */
@Controller()
export class ChargesConsumer {
  constructor(
    private readonly holds: HoldsService,
    private readonly releases: ReleasesService,
    private readonly captures: CapturesService,
    private readonly doubts: DoubtsService,
  ) {}

  @OnEventsAlone(BookingHeld)
  held(batch: Received<BookingHeld>[]): Promise<void> {
    return this.holds.authorise(batch);
  }

  @OnEventsAlone(BookingCancelled, BookingExpired, BookingRejected, BookingNoShow)
  ended(batch: Received<BookingEnded>[]): Promise<void> {
    return this.releases.release(batch);
  }

  @OnEventsAlone(VisitContradicted)
  contradicted(batch: Received<VisitContradicted>[]): Promise<void> {
    return this.doubts.raise(batch);
  }

  @OnEventsAlone(ServiceDelivered)
  delivered(batch: Received<ServiceDelivered>[]): Promise<void> {
    return this.captures.capture(batch);
  }
}
