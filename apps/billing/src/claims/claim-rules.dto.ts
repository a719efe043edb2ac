import { ApiProperty } from '@nestjs/swagger';
import { PageQuery } from '@doorstep/platform';
import { IsBoolean } from 'class-validator';
import { DayField, Id, Instant, WholeNumber } from '../shared/fields.dto';

export class SetClaimRuleDto {
  @Id('Programme.')
  programmeId: string;

  @DayField('First day of service that goes by it. A rule that is open at its end ends there.')
  from: string;

  @WholeNumber(
    "Least share of the month's workdays on which a resident attends, in basis points; 5000 is a half.",
    {
      optional: true,
      min: 1,
      max: 10_000,
      example: 5000,
    },
  )
  attendanceBp?: number;

  @ApiProperty({ description: "The resident's own part must be paid.", example: true })
  @IsBoolean()
  paymentRequired: boolean;
}

export class ClaimRulesQuery extends PageQuery {
  @Id('Only of this programme.', { optional: true })
  programmeId?: string;
}

export class ClaimRuleDto {
  @Id('Id.')
  id: string;

  @Id('Programme.')
  programmeId: string;

  @DayField('First day of service that goes by it.')
  from: string;

  @DayField('First day that no longer does; null: open.', { nullable: true })
  to: string | null;

  @WholeNumber("Least share of the month's workdays; null: none.", { nullable: true, example: 5000 })
  attendanceBp: number | null;

  @ApiProperty({ description: "The resident's own part must be paid.", example: true })
  paymentRequired: boolean;

  @Instant('When it was set.')
  createdAt: Date;
}
