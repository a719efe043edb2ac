import { ApiProperty } from '@nestjs/swagger';
import { PageQuery } from '@doorstep/platform';
import { Type } from 'class-transformer';
import { ArrayMaxSize, ArrayNotEmpty, ValidateNested } from 'class-validator';
import { Amount, Choice, DayField, Id, Instant, WholeNumber } from '../shared/fields.dto';
import { TONES, type Step, type Tone } from './dunning';

export class StepDto implements Step {
  @WholeNumber('Days after the due day.', { min: 1, max: 365, example: 3 })
  afterDays: number;

  @Choice('How it is to be worded.', TONES)
  tone: Tone;
}

export class SetDunningPlanDto {
  @Id('Only for this contract; left out: for all that have none of their own.', { optional: true })
  contractId?: string;

  @DayField('First due day that goes by it. A plan that is open at its end ends there.')
  from: string;

  @ApiProperty({ description: 'Steps in their order.', type: [StepDto] })
  @ArrayNotEmpty()
  @ArrayMaxSize(10)
  @ValidateNested({ each: true })
  @Type(() => StepDto)
  steps: StepDto[];

  @Amount('Smaller open amounts are not reminded of.', { optional: true, example: 500 })
  minimumFen: number = 0;
}

export class DunningPlanDto {
  @Id('Id.')
  id: string;

  @Id('Contract; null: for all that have none of their own.', { nullable: true })
  contractId: string | null;

  @DayField('First due day that goes by it.')
  from: string;

  @DayField('First due day that no longer does; null: open.', { nullable: true })
  to: string | null;

  @ApiProperty({ description: 'Steps in their order.', type: [StepDto] })
  steps: StepDto[];

  @Amount('Smaller open amounts are not reminded of.', { example: 500 })
  minimumFen: number;

  @Instant('When it was set.')
  createdAt: Date;
}

export class RemindersQuery extends PageQuery {
  @Id('Only of this invoice.', { optional: true })
  invoiceId?: string;
}

export class ReminderDto {
  @Id('Invoice.')
  invoiceId: string;

  @WholeNumber('Step, 1 being the first.', { example: 1 })
  step: number;

  @Choice('How it was worded.', TONES)
  tone: Tone;

  @Amount('What was open.', { example: 4200 })
  openFen: number;

  @DayField('Day on which it went out.')
  remindedOn: string;
}
