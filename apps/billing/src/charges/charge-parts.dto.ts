import { TRACE_CODES } from '../programmes/split';
import { Amount, Choice, Id, Text } from '../shared/fields.dto';

/** What one programme pays of a charge. */
export class FunderPartDto {
  @Id('Programme.')
  programmeId: string;

  @Id('Organisation that pays.')
  funderId: string;

  @Amount('What it pays, in fen.', { example: 200 })
  amountFen: number;
}

/** One line of the account of a split. */
export class TraceLineDto {
  @Id('Programme that was asked.')
  programmeId: string;

  @Id('Its rules that held.')
  termsId: string;

  @Text('Its code.', { example: 'MEAL-60' })
  programmeCode: string;

  @Id('Who pays by it.')
  funderId: string;

  @Amount('What it gave, in fen; 0 when nothing.', { example: 200 })
  gaveFen: number;

  @Choice('Stable reason; programs branch on it.', TRACE_CODES, { example: 'given' })
  code: string;

  @Text('The reason for people.', { example: '200 fen for each use' })
  why: string;
}
