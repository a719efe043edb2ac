import { ApiProperty } from '@nestjs/swagger';
import { ENTRY_REASONS } from '../ledger/entry-reason';
import { Amount, Choice, DayField, Id, MonthField, Text, WholeNumber } from '../shared/fields.dto';

export class StatementMonthQuery {
  @Id('Resident, by pseudonym.')
  residentId: string;

  @Id('Contract.')
  contractId: string;

  @MonthField('Month in which it was booked.')
  period: string;
}

export class MovementDto {
  @DayField('Day on which it is booked.')
  bookedOn: string;

  @Choice('What happened.', ENTRY_REASONS)
  reason: string;

  @Id('Charge that it concerns.')
  chargeId: string;

  @Text('Kind of service.', { example: 'meals' })
  kind: string;

  @DayField('Day of the service.')
  serviceDay: string;

  @WholeNumber('Above zero: owed; below: paid or taken back.', { example: 1500 })
  amountFen: number;
}

/** Money that is held for the resident under the contract, as of now. */
export class HeldDto {
  @Amount('On the prepaid card, with what is meant for services to come.', { example: 18_400 })
  prepaidFen: number;

  @Amount('Of packages, not earned yet.', { example: 0 })
  packageFen: number;

  @Amount('As deposits.', { example: 100_000 })
  depositFen: number;
}

export class StatementDto extends StatementMonthQuery {
  @WholeNumber('What was owed before the month.', { example: 0 })
  openingFen: number;

  @ApiProperty({ description: 'What happened in the month, as the ledger has it.', type: [MovementDto] })
  lines: MovementDto[];

  @ApiProperty({
    description: 'true: the month has more lines than fit; the sums are of those shown.',
    example: false,
  })
  more: boolean;

  @WholeNumber('What is owed after it.', { example: 1500 })
  closingFen: number;

  @Amount('What the resident has paid and no service has used up, as of now.', { example: 0 })
  creditFen: number;

  @ApiProperty({ description: 'What is held by name beside that, as of now.', type: HeldDto })
  held: HeldDto;
}
