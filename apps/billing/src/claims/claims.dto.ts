import { ApiProperty } from '@nestjs/swagger';
import { PageQuery } from '@doorstep/platform';
import { Amount, Choice, DayField, Id, Instant, MonthField, Text, WholeNumber } from '../shared/fields.dto';
import { CLAIM_STATUSES, FINDING_CODES, type ClaimStatus, type Finding } from './claim';

export class DrawUpClaimDto {
  @Id('Who is asked to pay.')
  funderId: string;

  @Id('Operating contract under which the services ran.')
  contractId: string;

  @MonthField('Month in which the charges were booked.')
  period: string;
}

export class ClaimsQuery extends PageQuery {
  @Id('Only to this funder.', { optional: true })
  funderId?: string;

  @Id('Only under this contract.', { optional: true })
  contractId?: string;

  @MonthField('Only of this month.', { optional: true })
  period?: string;

  @Choice('Only in this state.', CLAIM_STATUSES, { optional: true })
  status?: ClaimStatus;
}

export class FindingDto implements Finding {
  @Choice('What is wrong.', FINDING_CODES)
  code: Finding['code'];

  @Id('With which line.')
  claimLineId: string;

  @Text('In words.', { example: 'No attendance and no verified visit is on record.' })
  reason: string;
}

export class ClaimDto {
  @Id('Id.')
  id: string;

  @Id('Who claims.')
  operatorId: string;

  @Id('Who is asked to pay.')
  funderId: string;

  @Id('Operating contract.')
  contractId: string;

  @MonthField('Month in which the charges were booked.')
  period: string;

  @WholeNumber('1 for the first claim of the month, more for what was delivered late.', { example: 1 })
  sequence: number;

  @Choice('Where it is in its life.', CLAIM_STATUSES)
  status: ClaimStatus;

  @WholeNumber('How many shares it claims.', { example: 412 })
  lines: number;

  @Amount('Sum of its lines in fen.', { example: 94_600 })
  amountFen: number;

  @ApiProperty({
    description: 'What would be sent back; empty when it can be submitted.',
    type: FindingDto,
    isArray: true,
  })
  findings: FindingDto[];

  @Instant('When it was drawn up.')
  createdAt: Date;

  @Instant('When it was submitted; null while a draft.', { nullable: true })
  submittedAt: Date | null;

  @WholeNumber('Grows by one with each change.', { example: 1 })
  version: number;
}

export class ClaimLineDto {
  @Id('Id.')
  id: string;

  @Id('Charge of which it is a share.')
  chargeId: string;

  @Id('Booking behind it.')
  bookingId: string;

  @Id('Resident, by the pseudonym.')
  residentId: string;

  @Id('Site.')
  siteId: string;

  @Id('Programme that gives it.')
  programmeId: string;

  @Text('Kind of service.', { example: 'meals' })
  kind: string;

  @DayField('Site-local day of the service.')
  serviceDay: string;

  @Instant('Start of the service.')
  startsAt: Date;

  @WholeNumber('Minutes that were charged.', { example: 90 })
  minutes: number;

  @Amount('What is claimed, in fen.', { example: 200 })
  amountFen: number;

  @Choice('How the delivery is proven; null is a finding.', ['attendance', 'visit'], { nullable: true })
  evidence: string | null;

  @Instant('When the delivery was recorded; null is a finding.', { nullable: true })
  deliveredAt: Date | null;

  @Text('Why the programme gave this much.', { example: '200 fen per use' })
  grounds: string;
}
