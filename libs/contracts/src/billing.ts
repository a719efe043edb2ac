import { Type } from 'class-transformer';
import {
  IsArray,
  IsIn,
  IsInt,
  IsNotEmpty,
  IsOptional,
  IsString,
  IsUUID,
  Matches,
  Min,
  ValidateNested,
} from 'class-validator';
import { DomainEvent, EventType } from './event';
import {
  BILLING_CHARGE,
  BILLING_CLAIM,
  BILLING_CONTRACT,
  BILLING_INVOICE,
  BILLING_RECONCILIATION,
} from './topics';
import { CONTRACT_LINE_KINDS, type ContractLineKind } from './vocabulary';

/** What one programme pays of a charge. */
export class FunderShare {
  @IsUUID() programmeId: string;
  @IsUUID() funderId: string;
  @IsInt() @Min(0) amountFen: number;
}

abstract class ChargeFact extends DomainEvent {
  @IsUUID() declare operatorId: string;
  @IsUUID() chargeId: string;
  @IsUUID() bookingId: string;
}

/** Who pays what. gross = resident + all funders + operator, to the fen. */
abstract class PricedCharge extends ChargeFact {
  @IsUUID() contractId: string;
  @IsUUID() siteId: string;
  @IsUUID() residentId: string;
  @IsString() @IsNotEmpty() kind: string;
  @Matches(/^\d{4}-\d{2}-\d{2}$/) serviceDay: string;
  @IsInt() @Min(0) grossFen: number;
  @IsInt() @Min(0) residentFen: number;
  @IsInt() @Min(0) fundersFen: number;
  /** The concession that the operator grants. */
  @IsInt() @Min(0) operatorFen: number;
  @IsArray() @ValidateNested({ each: true }) @Type(() => FunderShare) funders: FunderShare[];
}

/** Priced, and every funder's budget and the resident's caps are reserved. */
@EventType({ type: 'billing.ChargeAuthorised.v1', topic: BILLING_CHARGE, key: 'bookingId' })
export class ChargeAuthorised extends PricedCharge {
  /** A use of this package pays it, and costs its part of the package's price. Absent: the price list holds. */
  @IsOptional() @IsUUID() packageId?: string;
}

@EventType({ type: 'billing.ChargeDeclined.v1', topic: BILLING_CHARGE, key: 'bookingId' })
export class ChargeDeclined extends ChargeFact {
  /** Stable code, such as `no_price`, `price_above_ceiling`, `contract_not_in_force`, `package_used_up`. */
  @IsString() @IsNotEmpty() code: string;
  @IsString() @IsNotEmpty() reason: string;
  /** What would help whoever booked. */
  @IsOptional() @IsString() @IsNotEmpty() mend?: string;
}

/** Reservations are given back: the booking ended without a service. */
@EventType({ type: 'billing.ChargeReleased.v1', topic: BILLING_CHARGE, key: 'bookingId' })
export class ChargeReleased extends ChargeFact {
  @IsString() @IsNotEmpty() reason: string;
}

/** Posted to the ledger after delivery; what invoices and claims are made of. */
@EventType({ type: 'billing.ChargeCaptured.v1', topic: BILLING_CHARGE, key: 'bookingId' })
export class ChargeCaptured extends PricedCharge {}

/** What changes of a programme's part; below zero is less. */
export class FunderDifference {
  @IsUUID() programmeId: string;
  @IsUUID() funderId: string;
  @IsInt() amountFen: number;
}

/** Differences added to a captured charge afterwards; below zero is less. gross = resident + funders + operator. */
@EventType({ type: 'billing.ChargeCorrected.v1', topic: BILLING_CHARGE, key: 'bookingId' })
export class ChargeCorrected extends ChargeFact {
  @IsUUID() contractId: string;
  @IsUUID() siteId: string;
  @IsUUID() residentId: string;
  @IsString() @IsNotEmpty() kind: string;
  @Matches(/^\d{4}-\d{2}-\d{2}$/) serviceDay: string;
  /** Stable code, such as `credited`, `price_changed`, `attendance_changed`. */
  @IsString() @IsNotEmpty() reason: string;
  @IsInt() grossFen: number;
  @IsInt() residentFen: number;
  @IsInt() fundersFen: number;
  @IsInt() operatorFen: number;
  /** Whose shares change; absent: not told. */
  @IsOptional()
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => FunderDifference)
  funders?: FunderDifference[];
}

abstract class InvoiceFact extends DomainEvent {
  @IsUUID() declare operatorId: string;
  @IsUUID() invoiceId: string;
  @IsUUID() contractId: string;
  @IsUUID() residentId: string;
  /** Of the invoice: gapless per operator and year. */
  @IsString() @IsNotEmpty() number: string;
  /** Month of the services, `YYYY-MM`. */
  @Matches(/^\d{4}-\d{2}$/) period: string;
  /** What the resident has still to pay of it. */
  @IsInt() @Min(0) openFen: number;
}

@EventType({ type: 'billing.InvoiceIssued.v1', topic: BILLING_INVOICE, key: 'invoiceId' })
export class InvoiceIssued extends InvoiceFact {
  @IsInt() @Min(0) amountFen: number;
  @Matches(/^\d{4}-\d{2}-\d{2}$/) dueOn: string;
}

/** Nothing of it is open any more. */
@EventType({ type: 'billing.InvoicePaid.v1', topic: BILLING_INVOICE, key: 'invoiceId' })
export class InvoicePaid extends InvoiceFact {}

/** An invoice was not paid in time, and a step of the operator's dunning plan has come. */
@EventType({ type: 'billing.InvoiceReminded.v1', topic: BILLING_INVOICE, key: 'invoiceId' })
export class InvoiceReminded extends InvoiceFact {
  @Matches(/^\d{4}-\d{2}-\d{2}$/) dueOn: string;
  /** 1 for the first reminder. */
  @IsInt() @Min(1) step: number;
  /** How it is to be worded: `reminder`, `warning`, `final`. */
  @IsString() @IsNotEmpty() tone: string;
}

@EventType({ type: 'billing.CreditNoteIssued.v1', topic: BILLING_INVOICE, key: 'invoiceId' })
export class CreditNoteIssued extends InvoiceFact {
  @IsUUID() creditNoteId: string;
  @IsString() @IsNotEmpty() creditNoteNumber: string;
  @IsInt() @Min(1) amountFen: number;
  /** Stable code, such as `goodwill`, `charge_corrected`, `void`. */
  @IsString() @IsNotEmpty() reason: string;
}

abstract class ReceiptFact extends DomainEvent {
  @IsUUID() declare operatorId: string;
  @IsUUID() receiptId: string;
  @IsUUID() paymentId: string;
  @IsUUID() contractId: string;
  /** Whose services it paid for when it was issued; absent: those of several people, or of nobody yet. */
  @IsOptional() @IsUUID() residentId?: string;
  /** Gapless per operator and year. */
  @IsString() @IsNotEmpty() number: string;
  @IsInt() @Min(1) amountFen: number;
  /** Day by the channel, China's calendar. */
  @Matches(/^\d{4}-\d{2}-\d{2}$/) paidOn: string;
}

/** Money that came in is confirmed on paper. */
@EventType({ type: 'billing.ReceiptIssued.v1', topic: BILLING_INVOICE, key: 'receiptId' })
export class ReceiptIssued extends ReceiptFact {}

/** The payment that a receipt confirms was recorded wrongly: the paper, with what it says, counts no more. */
@EventType({ type: 'billing.ReceiptVoided.v1', topic: BILLING_INVOICE, key: 'receiptId' })
export class ReceiptVoided extends ReceiptFact {
  /** Stable code: `payment_voided`, it was never received; `payment_corrected`, it is recorded anew. */
  @IsString() @IsNotEmpty() reason: string;
  /** Payment that is recorded instead; a receipt for it is issued when somebody asks. */
  @IsOptional() @IsUUID() replacedBy?: string;
  /** What is recorded instead. */
  @IsOptional() @IsInt() @Min(1) replacedFen?: number;
  /** Day by the channel that is recorded instead. */
  @IsOptional() @Matches(/^\d{4}-\d{2}-\d{2}$/) replacedPaidOn?: string;
}

@EventType({ type: 'billing.ClaimSubmitted.v1', topic: BILLING_CLAIM, key: 'claimId' })
export class ClaimSubmitted extends DomainEvent {
  @IsUUID() declare operatorId: string;
  @IsUUID() claimId: string;
  @IsUUID() funderId: string;
  @IsUUID() contractId: string;
  /** `YYYY-MM`. */
  @Matches(/^\d{4}-\d{2}$/) period: string;
  /** Gapless per operator and year; what funders pay by. */
  @IsOptional() @IsString() @IsNotEmpty() number?: string;
  @IsInt() @Min(0) lines: number;
  /** Below zero when later differences alone give back more than is asked for. */
  @IsInt() amountFen: number;
}

/** The funder's answer: what it accepts, cuts and rejects of what was claimed. */
@EventType({ type: 'billing.ClaimAnswered.v1', topic: BILLING_CLAIM, key: 'claimId' })
export class ClaimAnswered extends DomainEvent {
  @IsUUID() declare operatorId: string;
  @IsUUID() claimId: string;
  @IsUUID() funderId: string;
  @IsUUID() contractId: string;
  @Matches(/^\d{4}-\d{2}$/) period: string;
  @IsInt() amountFen: number;
  @IsInt() acceptedFen: number;
  @IsInt() cutFen: number;
}

/** What one kind of line of a settlement comes to. */
export class ContractSettlementAmount {
  @IsIn(CONTRACT_LINE_KINDS) kind: ContractLineKind;
  @IsIn(['authority', 'operator']) payer: 'authority' | 'operator';
  /** Below zero: it goes back. */
  @IsInt() amountFen: number;
}

/** The parties of an operating contract have agreed what they owe each other for a cycle. */
@EventType({ type: 'billing.ContractSettlementAgreed.v1', topic: BILLING_CONTRACT, key: 'contractId' })
export class ContractSettlementAgreed extends DomainEvent {
  @IsUUID() declare operatorId: string;
  @IsUUID() settlementId: string;
  @IsUUID() contractId: string;
  @IsUUID() authorityId: string;
  /** Gapless per operator and year; what is paid by. */
  @IsString() @IsNotEmpty() number: string;
  /** Within the contract, from 1. */
  @IsInt() @Min(1) sequence: number;
  @Matches(/^\d{4}-\d{2}-\d{2}$/) from: string;
  /** First day that is out; that of `from`: what came to light after the last cycle. */
  @Matches(/^\d{4}-\d{2}-\d{2}$/) to: string;
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => ContractSettlementAmount)
  lines: ContractSettlementAmount[];
  /** Above zero: the authority pays the operator. */
  @IsInt() netFen: number;
}

@EventType({
  type: 'billing.ReconciliationFinished.v1',
  topic: BILLING_RECONCILIATION,
  key: 'reconciliationId',
})
export class ReconciliationFinished extends DomainEvent {
  @IsUUID() declare operatorId: string;
  @IsUUID() reconciliationId: string;
  @IsUUID() settlementFileId: string;
  @IsIn(['tied', 'exceptions']) outcome: 'tied' | 'exceptions';
  @IsInt() @Min(0) lines: number;
  @IsInt() @Min(0) matched: number;
  @IsInt() @Min(0) exceptions: number;
  /** What no exception explains; anything but 0 is a defect. */
  @IsInt() differenceFen: number;
  @IsOptional() @IsString() note?: string;
}
