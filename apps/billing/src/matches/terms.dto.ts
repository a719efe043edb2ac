import { Amount, DayField, Id, Instant, WholeNumber } from '../shared/fields.dto';
import type { ReconciliationTerms } from './terms';

export class SetTermsDto implements ReconciliationTerms {
  @DayField('First day on which they hold.')
  from: string;

  @Amount('A line that names something may differ from it by so much.', { max: 100_000, example: 0 })
  toleranceFen: number;

  @Amount('More than this is not written off at all.', { example: 100_000 })
  writeOffMaxFen: number;

  @Amount('Above this a second person approves what closes a difference or voids a payment.', {
    example: 1_000,
  })
  fourEyesAboveFen: number;

  @WholeNumber('So often a pattern has to be confirmed before it is applied by itself.', {
    min: 1,
    max: 1000,
    example: 5,
  })
  confirmationsNeeded: number;

  @WholeNumber('After so many days without it, something expected is missing.', {
    min: 0,
    max: 366,
    example: 10,
  })
  overdueDays: number;
}

export class TermsRowDto extends SetTermsDto {
  @Id('Id.')
  id: string;

  @Instant('When they were set.')
  createdAt: Date;
}
