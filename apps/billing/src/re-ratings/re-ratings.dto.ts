import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { SERVICE_MODES } from '@doorstep/contracts';
import { BodyExample, PageQuery } from '@doorstep/platform';
import { Type } from 'class-transformer';
import { ArrayMaxSize, ArrayNotEmpty, IsArray, IsBoolean, IsOptional, ValidateNested } from 'class-validator';
import { TraceLineDto } from '../charges/charge-parts.dto';
import { Choice, DayField, Id, Instant, Text, WholeNumber } from '../shared/fields.dto';
import { RE_RATING_REASONS, RE_RATING_STATUSES, type ReRatingReason, type ReRatingStatus } from './re-rating';

const ATTENDANCE_MAX = 500;

export class ToldAttendanceDto {
  @Id('Booking that was captured.')
  bookingId: string;

  @WholeNumber('How long it really was; left out or null: nobody came.', {
    optional: true,
    nullable: true,
    min: 0,
    max: 100_000,
    example: 60,
  })
  minutes?: number | null;
}

@BodyExample({
  contractId: '019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2b1a',
  ...{
    reason: 'price_changed',
    from: '2026-11-02',
    to: '2026-12-01',
    kind: 'meals',
    comment: '价目表录入错误',
  },
})
export class AskReRatingDto {
  @Id('Contract under which the services ran.')
  contractId: string;

  @Choice('What has changed: that alone is looked at anew.', RE_RATING_REASONS)
  reason: ReRatingReason;

  @DayField('First service day that is looked at.')
  from: string;

  @DayField('First service day that is not; at most 366 days later.', { example: '2026-12-01' })
  to: string;

  @Id('Only at this site.', { optional: true })
  siteId?: string;

  @Text('Only of this kind.', { optional: true, max: 50, example: 'meals' })
  kind?: string;

  @Choice('Only in this mode.', SERVICE_MODES, { optional: true, example: 'session' })
  mode?: string;

  @Id('Only of this resident.', { optional: true })
  residentId?: string;

  @ApiPropertyOptional({
    description: 'For attendance_changed: the bookings and how long each really was.',
    type: [ToldAttendanceDto],
  })
  @IsOptional()
  @IsArray()
  @ArrayNotEmpty()
  @ArrayMaxSize(ATTENDANCE_MAX)
  @ValidateNested({ each: true })
  @Type(() => ToldAttendanceDto)
  attendance?: ToldAttendanceDto[];

  @Text('Why, for whoever reads it later.', { optional: true, example: '价目表录入错误' })
  comment?: string;
}

export class ReRatingsQuery extends PageQuery {
  @Id('Only of this contract.', { optional: true })
  contractId?: string;

  @Choice('Only in this state.', RE_RATING_STATUSES, { optional: true, example: 'ready' })
  status?: ReRatingStatus;
}

export const LINE_OUTCOMES = ['changed', 'same', 'skipped'] as const;
export type LineOutcome = (typeof LINE_OUTCOMES)[number];

export class ReRatingLinesQuery extends PageQuery {
  @Choice(
    'changed: it costs or is split otherwise. same: rated by something else, with the same result. skipped: it can’t be rated. Default changed.',
    LINE_OUTCOMES,
    { optional: true },
  )
  outcome?: LineOutcome;

  @Id('Only of this resident.', { optional: true })
  residentId?: string;
}

export class ReRatingResidentsQuery extends PageQuery {}

/** Differences: below zero is less. gross = resident + funders + operator. */
export class DifferencesDto {
  @WholeNumber('Of the whole.', { example: -300 })
  grossFen: number;

  @WholeNumber('Of what residents owe.', { example: -300 })
  residentFen: number;

  @WholeNumber('Of what funders owe.', { example: 0 })
  fundersFen: number;

  @WholeNumber('Of what the operator grants.', { example: 0 })
  operatorFen: number;
}

export class ReRatingDto extends DifferencesDto {
  @Id('Id.')
  id: string;

  @Id('Operator.')
  operatorId: string;

  @Id('Contract.')
  contractId: string;

  @Choice('What has changed.', RE_RATING_REASONS)
  reason: ReRatingReason;

  @DayField('First service day.')
  from: string;

  @DayField('First service day that is out.', { example: '2026-12-01' })
  to: string;

  @Id('Only at this site.', { nullable: true })
  siteId: string | null;

  @Text('Only of this kind.', { nullable: true, example: 'meals' })
  kind: string | null;

  @Choice('Only in this mode.', SERVICE_MODES, { nullable: true, example: null })
  mode: string | null;

  @Id('Only of this resident.', { nullable: true })
  residentId: string | null;

  @Text('Why.', { nullable: true, example: '价目表录入错误' })
  comment: string | null;

  @Choice(
    'previewing and applying go on by themselves. outdated: something else had changed; a new preview shows what is left.',
    RE_RATING_STATUSES,
    { example: 'ready' },
  )
  status: ReRatingStatus;

  @WholeNumber('Charges in its scope.', { example: 120 })
  chargesTotal: number;

  @WholeNumber('Of them: looked at so far.', { example: 120 })
  chargesSeen: number;

  @WholeNumber('Charges that change.', { example: 40 })
  changed: number;

  @WholeNumber('Charges that can’t be rated.', { example: 0 })
  skipped: number;

  @WholeNumber('Changes that are entered so far.', { example: 0 })
  applied: number;

  @ApiProperty({ description: 'Some of it belongs to a closed month.', example: false })
  @IsBoolean()
  touchesClosed: boolean;

  @Text('What was not as the preview showed it.', { nullable: true, example: null })
  outdatedWhy: string | null;

  @Id('Who asked for it.')
  createdBy: string;

  @Instant('When.')
  createdAt: Date;

  @Id('Who applied it.', { nullable: true })
  appliedBy: string | null;

  @Instant('When it was to be applied.', { nullable: true })
  appliedAt: Date | null;

  @Instant('When the preview, or then the application, was finished.', { nullable: true })
  finishedAt: Date | null;

  @WholeNumber('Grows by one with each change.', { example: 3 })
  version: number;
}

export class ShareDifferenceDto {
  @Id('Programme.')
  programmeId: string;

  @Id('Organisation that pays.')
  funderId: string;

  @Choice('funder: claimed from it. operator: its own concession.', ['funder', 'operator'])
  payer: 'funder' | 'operator';

  @WholeNumber('What it gives more, or less below zero.', { example: -200 })
  amountFen: number;
}

export class ReRatingLineDto extends DifferencesDto {
  @Id('Charge.')
  chargeId: string;

  @Id('Booking.')
  bookingId: string;

  @Id('Resident, by pseudonym.')
  residentId: string;

  @Id('Site.')
  siteId: string;

  @Text('Kind of service.', { example: 'meals' })
  kind: string;

  @DayField('Day of the service.')
  serviceDay: string;

  @DayField('Day on which it is entered: the service’s own, or the next one of an open month.')
  bookedOn: string;

  @Choice('What becomes of it.', LINE_OUTCOMES)
  outcome: LineOutcome;

  @Text('Why it can’t be rated: stable code.', { nullable: true, example: null })
  code: string | null;

  @Text('The same for people.', { nullable: true, example: null })
  reason: string | null;

  @WholeNumber('What the resident owed of it before.', { example: 1600 })
  owedBeforeFen: number;

  @ApiProperty({ description: 'Differences by programme.', type: [ShareDifferenceDto] })
  shares: ShareDifferenceDto[];

  @ApiProperty({ description: 'The account of the new split.', type: [TraceLineDto] })
  trace: TraceLineDto[];

  @ApiProperty({ description: 'Entered.', example: false })
  @IsBoolean()
  applied: boolean;
}

export class AffectedResidentDto extends DifferencesDto {
  @Id('Resident, by pseudonym.')
  residentId: string;

  @WholeNumber('Charges that change.', { example: 12 })
  charges: number;

  @WholeNumber('What the resident owed of them.', { example: 19_200 })
  owedBeforeFen: number;

  @WholeNumber('What the resident owes of them then.', { example: 18_000 })
  owedAfterFen: number;
}
