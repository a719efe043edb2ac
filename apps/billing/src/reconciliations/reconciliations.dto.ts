import { PAYMENT_CHANNELS } from '@doorstep/contracts';
import { PageQuery } from '@doorstep/platform';
import { Amount, Choice, DayField, Id, Instant, WholeNumber } from '../shared/fields.dto';

const OUTCOMES = ['tied', 'exceptions'] as const;

export class ReconcileDto {
  @Id('Which file, from POST /v1/settlement-files.')
  settlementFileId: string;

  @Id('A new id of yours, to ask GET /v1/settlement-files/progress/{id} how far the work is.', {
    optional: true,
  })
  progressId?: string;
}

export class ReconciliationsQuery extends PageQuery {
  @Choice('Only of this channel.', PAYMENT_CHANNELS, { optional: true })
  channel?: string;

  @Choice('Only with this outcome.', OUTCOMES, { optional: true })
  outcome?: string;
}

export class ReconciliationDto {
  @Id('Id.')
  id: string;

  @Id('The file.')
  settlementFileId: string;

  @Choice('Whose file.', PAYMENT_CHANNELS)
  channel: string;

  @DayField('Day of the bill, by China time.')
  billDay: string;

  @Choice('tied: every line settled something and nothing is missing.', OUTCOMES)
  outcome: 'tied' | 'exceptions';

  @WholeNumber('Lines of the file.', { example: 912 })
  lines: number;

  @WholeNumber('Lines that settled a payment or a refund.', { example: 904 })
  matched: number;

  @WholeNumber('Differences that were found: GET /v1/exceptions?reconciliationId=.', { example: 12 })
  exceptions: number;

  @WholeNumber('Payments less refunds, as the file says, in fen.', { example: 1_432_200 })
  theirsFen: number;

  @WholeNumber('Payments less refunds, as we recorded them, in fen.', { example: 1_432_000 })
  oursFen: number;

  @WholeNumber('What of it settled something, in fen.', { example: 1_418_400 })
  settledFen: number;

  @WholeNumber('Fees that the file charges, in fen.', { example: 8_593 })
  feesFen: number;

  @Amount('What no exception explains, in fen: always 0, or nothing would have been stored.', { example: 0 })
  differenceFen: number;

  @Instant('When it was done.')
  createdAt: Date;

  @WholeNumber('Grows by one with each change.', { example: 1 })
  version: number;
}
