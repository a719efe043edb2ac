import { Choice, Id, Instant, WholeNumber } from '../shared/fields.dto';

/** reading a file · taking its lines over · matching them · done */
export const PROGRESS_STAGES = ['reading', 'taking_over', 'matching', 'done'] as const;

export class ProgressDto {
  @Id('The progressId that the work was given.')
  id: string;

  @Choice('What is being done.', PROGRESS_STAGES)
  stage: string;

  @WholeNumber('How far: bytes while reading, steps while matching.', { example: 48_211_004 })
  done: number;

  @WholeNumber('Out of how many; null while nobody knows.', { nullable: true, example: 301_448_112 })
  total: number | null;

  @Instant('When this was written.')
  changedAt: Date;
}
