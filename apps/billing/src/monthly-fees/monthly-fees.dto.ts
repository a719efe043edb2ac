import { ApiProperty } from '@nestjs/swagger';
import { AGE_CLASSES, SERVICE_MODES } from '@doorstep/contracts';
import { PageQuery } from '@doorstep/platform';
import { Choice, DayField, Id, MonthField, Text, WholeNumber } from '../shared/fields.dto';
import type { MonthFacts } from './month';

const BP = { min: 0, max: 10_000 };

/** What a monthly fee becomes when a child was away; basis points of the fee, 10000 is all of it. */
export class SetAbsenceRuleDto {
  @Id('Contract under which the places are.')
  contractId: string;

  @Text('Kind of service.', { example: 'childcare', max: 50 })
  kind: string;

  @DayField('First day on which it holds.')
  from: string;

  @DayField('First day on which it no longer holds. Left out or null: until further notice.', {
    optional: true,
    nullable: true,
    example: '2027-01-01',
  })
  to?: string | null;

  @WholeNumber('Of the fee: sick on every day.', { ...BP, example: 0 })
  sickMonthBp: number;

  @WholeNumber('Sick on so many days or more counts as sick for long. Left out or null: no such case.', {
    optional: true,
    nullable: true,
    min: 1,
    max: 31,
    example: 11,
  })
  sickDaysMin?: number | null;

  @WholeNumber('Of the fee: sick for long.', { ...BP, example: 5000 })
  sickDaysBp: number;

  @WholeNumber('Of the fee: away on every day, as told before.', { ...BP, example: 5000 })
  absentMonthBp: number;

  @WholeNumber("Given back of a day's part for each day on which the site was closed.", {
    ...BP,
    example: 10_000,
  })
  closedDayBackBp: number;

  @WholeNumber("Given back of a day's part for each day of force majeure.", { ...BP, example: 10_000 })
  forceMajeureDayBackBp: number;
}

export class AbsenceRuleDto extends SetAbsenceRuleDto {
  @Id('Id.')
  id: string;
}

export class AbsenceRulesQuery extends PageQuery {
  @Id('Only of this contract.', { optional: true })
  contractId?: string;
}

export const MONTH_STATUSES = ['waiting', 'charged'] as const;

export class AttendanceMonthsQuery extends PageQuery {
  @Choice('Only in this state.', MONTH_STATUSES, { optional: true })
  status?: (typeof MONTH_STATUSES)[number];

  @Id('Only of this resident.', { optional: true })
  residentId?: string;

  @MonthField('Only of this month.', { optional: true })
  period?: string;
}

export class AttendanceMonthDto {
  @Id('Id; its charge has it for a booking.')
  id: string;

  @Id('Place of the child.')
  placementId: string;

  @MonthField('Month.')
  period: string;

  @Id('Contract.')
  contractId: string;

  @Id('Site.')
  siteId: string;

  @Id('Child, by pseudonym.')
  residentId: string;

  @Text('Kind of service.', { example: 'childcare' })
  kind: string;

  @Choice('Mode.', SERVICE_MODES, { example: 'full_day' })
  mode: string;

  @Choice('Class of age.', AGE_CLASSES, { example: 'toddler' })
  ageClass: string;

  @ApiProperty({
    description: 'Days planned, attended, sick, away, closed.',
    type: Object,
    example: { month: '2026-11', daysPlanned: 20, daysAttended: 18, daysSick: 2, workdays: 21 },
  })
  facts: MonthFacts;

  @WholeNumber('Of the sheet; grows with each correction.', { example: 1 })
  revision: number;

  @Choice('waiting: not charged by this revision yet.', MONTH_STATUSES, { example: 'charged' })
  status: string;

  @Text('What it waits for: stable code.', { nullable: true, example: null })
  code: string | null;

  @Text('The same for people.', { nullable: true, example: null })
  reason: string | null;

  @Id('Its charge; null while there is none.', { nullable: true })
  chargeId: string | null;
}
