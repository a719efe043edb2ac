import { applyDecorators } from '@nestjs/common';
import { EventPattern } from '@nestjs/microservices';
import { type DomainEvent, type EventClass, contractOf } from '@doorstep/contracts';
import { newId } from '@doorstep/kernel';
import type { Received } from './received';

type Handler<E extends DomainEvent> = (batch: Received<E>[]) => Promise<void>;

/**
 * Hands a method of a Nest controller the events of these types, always as an array: a lane's share of a batch, already
 * de-duplicated and validated, each key's events in their order. The method runs inside the batch's transaction, which
 * `Database.write` joins; what it throws reaches the strategy, which retries, parks and in the end gives up.
 *
 * Several types on one method keep the order between them: `@OnEvents(BookingCancelled, BookingExpired)`.
 */
export function OnEvents<C extends EventClass>(...types: [C, ...C[]]) {
  return handles(types, {});
}

/**
 * Like `@OnEvents`, for a handler whose whole effect is a read model in which the newest version of each row wins: it may be
 * handed every event again, however old, and is when the read model is rebuilt. Other handlers never see a fact that is
 * older than the inbox remembers.
 */
export function OnEventsForReadModel<C extends EventClass>(...types: [C, ...C[]]) {
  return handles(types, { readModel: true });
}

/**
 * Like `@OnEvents`, for a handler that locks what many events share, such as a budget: its part of a batch is a transaction of
 * its own. Behind the locks of another handler its own order of locks would be none, and two batches would wait for each other.
 */
export function OnEventsAlone<C extends EventClass>(...types: [C, ...C[]]) {
  return handles(types, { alone: true });
}

function handles<C extends EventClass>(types: C[], how: { readModel?: boolean; alone?: boolean }) {
  const patterns = types.map((type) => contractOf(type).type);
  return (target: object, name: string, method: TypedPropertyDescriptor<Handler<InstanceType<C>>>): void => {
    // The extras tell the strategy which patterns are one method, and what may be done with it.
    applyDecorators(EventPattern(patterns, undefined, { handler: newId(), ...how }))(target, name, method);
  };
}
