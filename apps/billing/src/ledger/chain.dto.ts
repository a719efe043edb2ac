import { ApiProperty } from '@nestjs/swagger';
import { Choice, Id, Instant, Text, WholeNumber } from '../shared/fields.dto';
import { BREAKS, type Break } from './chain';

export class VerificationQuery {
  @Id("Whose chain; an operator's own people see their own.", { optional: true })
  operatorId?: string;

  @WholeNumber('Go on after this link; 0 begins at the first.', { optional: true, min: 0, example: 0 })
  after: number = 0;

  @WholeNumber('Most links to look at in one go.', { optional: true, min: 1, max: 50_000, example: 20_000 })
  limit: number = 20_000;

  @Text('A head that was noted elsewhere, `position:hash`: is it still part of the chain?', {
    optional: true,
    max: 90,
    pattern: /^\d{1,15}:[0-9a-f]{64}$/,
  })
  expected?: string;
}

export class BreakDto implements Break {
  @WholeNumber('Position of the first link that does not hold.', { example: 1207 })
  position: number;

  @Id('Its entry; null when the link itself is gone.', { nullable: true })
  entryId: string | null;

  @Choice('What is wrong with it.', BREAKS)
  what: Break['what'];
}

export class HeadDto {
  @WholeNumber('Number of links.', { example: 52_114 })
  position: number;

  @Text('SHA-256 of the last link; note it elsewhere to prove later that nothing was rewritten.', {
    max: 64,
    example: '0'.repeat(64),
  })
  hash: string;

  @Instant('When it was chained.')
  chainedAt: Date;
}

export class VerificationDto {
  @Id('Whose chain.')
  operatorId: string;

  @WholeNumber('Where this look began.', { example: 0 })
  after: number;

  @WholeNumber('Last link that was found to hold.', { example: 20_000 })
  verifiedTo: number;

  @ApiProperty({ description: 'Nothing of what was looked at is broken.', example: true })
  intact: boolean;

  @ApiProperty({
    description: 'The end of the chain; null when nothing is chained yet.',
    type: HeadDto,
    nullable: true,
  })
  head: HeadDto | null;

  @ApiProperty({ description: 'The first broken link.', type: BreakDto, nullable: true })
  broken: BreakDto | null;

  @ApiProperty({
    description: 'Whether `expected` is part of what was looked at; null when it was not asked.',
    type: Boolean,
    nullable: true,
    example: null,
  })
  expectedHolds: boolean | null;

  @WholeNumber('Entries that wait to be chained; the runner comes round every few seconds.', { example: 0 })
  waiting: number;

  @WholeNumber('Pass it as `after` to go on; null at the end.', { nullable: true, example: null })
  next: number | null;
}
