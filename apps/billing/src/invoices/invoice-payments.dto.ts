import { ApiProperty, OmitType } from '@nestjs/swagger';
import { PaymentDto, RecordPaymentDto } from '../payments/payments.dto';
import { Amount } from '../shared/fields.dto';
import { InvoiceDto } from './invoices.dto';

export class PayInvoiceDto extends OmitType(RecordPaymentDto, ['bookingIds'] as const) {}

export class PaidInvoiceDto {
  @ApiProperty({
    description: 'The payment; what is unallocated of it is credit of the resident.',
    type: PaymentDto,
  })
  payment: PaymentDto;

  @ApiProperty({ description: 'The invoice afterwards.', type: InvoiceDto })
  invoice: InvoiceDto;
}

export class CreditAppliedDto {
  @Amount('What of the credit was used.', { example: 700 })
  appliedFen: number;

  @ApiProperty({ description: 'The invoice afterwards.', type: InvoiceDto })
  invoice: InvoiceDto;
}
