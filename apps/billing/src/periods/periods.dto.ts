import { ApiProperty } from '@nestjs/swagger';
import { PageQuery } from '@doorstep/platform';
import { Choice, Id, Instant, MonthField, Text, WholeNumber } from '../shared/fields.dto';
import { CHECKS, type Check, type CheckName } from './checklist';

const ACTS = ['closed', 'reopen_asked', 'reopen_approved', 'reopen_rejected'] as const;

export class PeriodOfDto {
  @Id('Contract.')
  contractId: string;

  @MonthField('Month.')
  period: string;
}

export class AskReopeningDto extends PeriodOfDto {
  @Text('Why it has to be opened again.', { max: 1000, example: 'the bank corrected a statement' })
  reason: string;
}

export class DecideReopeningDto {
  @Text('What was looked at.', { max: 1000, example: 'seen the corrected statement' })
  comment: string;
}

export class PeriodsQuery extends PageQuery {
  @Id('Only of this contract.', { optional: true })
  contractId?: string;
}

export class PeriodDto {
  @Id('Contract.')
  contractId: string;

  @MonthField('Month.')
  period: string;

  @Choice('closed: nothing is booked into it any more, the database sees to that.', ['open', 'closed'])
  status: 'open' | 'closed';

  @Instant('Since when.')
  changedAt: Date;

  @Id('By whom.')
  changedBy: string;
}

export class CheckDto implements Check {
  @Choice('What is looked at.', CHECKS)
  name: CheckName;

  @ApiProperty({ description: 'Nothing is left to do.', type: Boolean, example: true })
  ok: boolean;

  @ApiProperty({ description: 'The month can’t be closed before it is ok.', type: Boolean, example: true })
  blocking: boolean;

  @WholeNumber('How many are left.', { example: 0 })
  count: number;

  @Text('What to do.', { example: 'Close the months before it first.' })
  mend: string;
}

export class ChecklistDto extends PeriodOfDto {
  @ApiProperty({ description: 'Whether it can be closed now.', type: Boolean, example: true })
  closable: boolean;

  @ApiProperty({ description: 'In the order in which they are best done.', type: [CheckDto] })
  checks: Check[];
}

export class ReopeningDto extends PeriodOfDto {
  @Id('Id.')
  id: string;

  @Text('Why.', { max: 1000, example: 'the bank corrected a statement' })
  reason: string;

  @Id('Who asked.')
  askedBy: string;

  @Instant('When.')
  askedAt: Date;

  @ApiProperty({
    description: 'What was decided; null while nothing is.',
    type: Boolean,
    nullable: true,
    example: null,
  })
  approved: boolean | null;

  @Id('Who decided; never who asked.', { nullable: true })
  decidedBy: string | null;

  @Instant('When.', { nullable: true })
  decidedAt: Date | null;

  @WholeNumber('Grows by one with each change.', { example: 1 })
  version: number;
}

export class PeriodActDto extends PeriodOfDto {
  @WholeNumber('Id.', { example: 17 })
  id: number;

  @Choice('What was done.', ACTS)
  act: string;

  @Id('By whom.')
  by: string;

  @Instant('When.')
  at: Date;

  @Text('Why.', { nullable: true, max: 1000, example: null })
  reason: string | null;
}
