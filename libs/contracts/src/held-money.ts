import { IsInt, IsNotEmpty, IsOptional, IsString, IsUUID, Matches, Min } from 'class-validator';
import { DomainEvent, EventType } from './event';
import { BILLING_HELD_MONEY } from './topics';

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** Money that an operator holds for a resident by name. Numbers of cards are not told, nor reasons in people's own words. */
abstract class HeldMoneyFact extends DomainEvent {
  @IsUUID() declare operatorId: string;
  @IsUUID() contractId: string;
  @IsUUID() residentId: string;
}

abstract class CardFact extends HeldMoneyFact {
  @IsUUID() cardId: string;
  /** The last characters of its number, by which its holder knows it. */
  @Matches(/^[A-Za-z0-9-]{1,4}$/) cardEnd: string;
  /** What can be spent after it. */
  @IsInt() @Min(0) balanceFen: number;
}

/** A resident paid onto a prepaid card. */
@EventType({ type: 'billing.PrepaidCardToppedUp.v1', topic: BILLING_HELD_MONEY, key: 'cardId' })
export class PrepaidCardToppedUp extends CardFact {
  @IsUUID() paymentId: string;
  @IsInt() @Min(1) amountFen: number;
}

/** Some of what was on a card went back by its channel. */
@EventType({ type: 'billing.PrepaidCardRefunded.v1', topic: BILLING_HELD_MONEY, key: 'cardId' })
export class PrepaidCardRefunded extends CardFact {
  @IsUUID() paymentId: string;
  @IsInt() @Min(1) amountFen: number;
}

/** Something is on a card that soon pays nothing any more. Told once for each notice before the day. */
@EventType({ type: 'billing.PrepaidCardExpiring.v1', topic: BILLING_HELD_MONEY, key: 'cardId' })
export class PrepaidCardExpiring extends CardFact {
  /** Last day on which it can be used. */
  @Matches(DAY) lastDay: string;
}

abstract class PackageFact extends HeldMoneyFact {
  @IsUUID() packageId: string;
  /** As it is sold. */
  @IsString() @IsNotEmpty() packageName: string;
  /** Kind of service. */
  @IsString() @IsNotEmpty() kind: string;
  @IsInt() @Min(0) usesLeft: number;
  /** Last day on which it can be used. */
  @Matches(DAY) lastDay: string;
}

/** A resident bought a package. */
@EventType({ type: 'billing.PackageSold.v1', topic: BILLING_HELD_MONEY, key: 'packageId' })
export class PackageSold extends PackageFact {
  @IsUUID() offerId: string;
  @IsUUID() paymentId: string;
  @IsInt() @Min(1) amountFen: number;
  /** First day on which it can be used. */
  @Matches(DAY) firstDay: string;
}

/** A booking has taken the last use. It may come back when a booking falls, and be taken once more. */
@EventType({ type: 'billing.PackageUsedUp.v1', topic: BILLING_HELD_MONEY, key: 'packageId' })
export class PackageUsedUp extends PackageFact {
  /** The booking that took it. */
  @IsUUID() bookingId: string;
}

/** Uses are left that soon can't be taken any more. Told once for each notice before the day. */
@EventType({ type: 'billing.PackageExpiring.v1', topic: BILLING_HELD_MONEY, key: 'packageId' })
export class PackageExpiring extends PackageFact {}

/** What was not used went back, and the package has ended. */
@EventType({ type: 'billing.PackageRefunded.v1', topic: BILLING_HELD_MONEY, key: 'packageId' })
export class PackageRefunded extends PackageFact {
  @IsUUID() paymentId: string;
  @IsInt() @Min(1) amountFen: number;
}

abstract class DepositFact extends HeldMoneyFact {
  @IsUUID() depositId: string;
  /** Kind of service that it is for. */
  @IsString() @IsNotEmpty() kind: string;
  /** The place or booking that it is for. */
  @IsOptional() @IsUUID() referenceId?: string;
  @IsInt() @Min(1) amountFen: number;
  /** What is held of it after it. */
  @IsInt() @Min(0) heldFen: number;
}

/** A resident left a deposit. */
@EventType({ type: 'billing.DepositTaken.v1', topic: BILLING_HELD_MONEY, key: 'depositId' })
export class DepositTaken extends DepositFact {}

/** A deposit paid what the resident owed. */
@EventType({ type: 'billing.DepositSetOff.v1', topic: BILLING_HELD_MONEY, key: 'depositId' })
export class DepositSetOff extends DepositFact {}

/** A deposit, or part of it, went back by its channel. */
@EventType({ type: 'billing.DepositReturned.v1', topic: BILLING_HELD_MONEY, key: 'depositId' })
export class DepositReturned extends DepositFact {}

/** All of them: what residents and front-ends are told of. */
export const HELD_MONEY_FACTS = [
  PrepaidCardToppedUp,
  PrepaidCardRefunded,
  PrepaidCardExpiring,
  PackageSold,
  PackageUsedUp,
  PackageExpiring,
  PackageRefunded,
  DepositTaken,
  DepositSetOff,
  DepositReturned,
] as const;
