import { BodyExample, PageQuery } from '@doorstep/platform';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsInt, IsOptional, IsUUID, Max, Min } from 'class-validator';
import { IsDay } from '../day.validator';
import { CareTermsDto } from '../placements/terms.dto';
import { APPLICATION_STATUSES, type ApplicationStatus } from './application';

const ID = '019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2b1a';

@BodyExample({
  ...{ mode: 'full_day', pattern: [{ weekday: 1, part: 'day' }], offeringId: ID, residentId: ID },
  ...{ wishedStart: '2027-01-04', dueOn: '2027-03-31' },
})
export class ApplyDto extends CareTermsDto {
  @ApiProperty({ description: 'The childcare that is applied for.', format: 'uuid', example: ID })
  @IsUUID()
  offeringId: string;

  @ApiProperty({ description: 'The child.', format: 'uuid', example: ID })
  @IsUUID()
  residentId: string;

  @ApiProperty({ description: 'When the child would begin.', format: 'date', example: '2027-01-04' })
  @IsDay()
  wishedStart: string;

  @ApiProperty({
    description: 'Last day that the application stands, unless it is prolonged.',
    format: 'date',
    example: '2027-03-31',
  })
  @IsDay()
  dueOn: string;

  @ApiPropertyOptional({
    description: 'Higher goes first; only the operator’s own people may give more than 0.',
    type: 'integer',
    minimum: 0,
    maximum: 9,
    default: 0,
  })
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(9)
  priority: number = 0;
}

export class ChangeApplicationDto {
  @ApiPropertyOptional({
    description: 'Higher goes first.',
    type: 'integer',
    minimum: 0,
    maximum: 9,
    example: 5,
  })
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(9)
  priority?: number;

  @ApiPropertyOptional({ description: 'Prolongs the application.', format: 'date', example: '2027-06-30' })
  @IsOptional()
  @IsDay()
  dueOn?: string;
}

export class ApplicationDto extends CareTermsDto {
  @ApiProperty({ description: 'The application.', format: 'uuid', example: ID })
  id: string;

  @ApiProperty({ description: 'The site.', format: 'uuid', example: ID })
  siteId: string;

  @ApiProperty({ description: 'What is applied for.', format: 'uuid', example: ID })
  offeringId: string;

  @ApiProperty({ description: 'The child.', format: 'uuid', example: ID })
  residentId: string;

  @ApiProperty({ description: 'When the child would begin.', format: 'date', example: '2027-01-04' })
  wishedStart: string;

  @ApiProperty({ description: 'Last day that it stands.', format: 'date', example: '2027-03-31' })
  dueOn: string;

  @ApiProperty({ description: 'Higher goes first.', type: 'integer', example: 0 })
  priority: number;

  @ApiProperty({ description: 'Where it is.', enum: APPLICATION_STATUSES, example: 'waiting' })
  status: ApplicationStatus;

  @ApiPropertyOptional({ description: 'Place in the queue, from 1.', type: 'integer', example: 3 })
  position?: number;

  @ApiPropertyOptional({ description: 'The place that was offered.', format: 'uuid', example: ID })
  placementId?: string;

  @ApiProperty({ description: 'Since when.', format: 'date-time', example: '2026-11-02T01:00:00.000Z' })
  appliedAt: string;

  @ApiProperty({ description: 'Version, from 1.', type: 'integer', example: 1 })
  version: number;
}

export class ApplicationsQuery extends PageQuery {
  @ApiPropertyOptional({ description: 'For this offering.', format: 'uuid', example: ID })
  @IsOptional()
  @IsUUID()
  offeringId?: string;

  @ApiPropertyOptional({ description: 'For this child.', format: 'uuid', example: ID })
  @IsOptional()
  @IsUUID()
  residentId?: string;

  @ApiPropertyOptional({ description: 'In this state.', enum: APPLICATION_STATUSES, example: 'waiting' })
  @IsOptional()
  @IsIn(APPLICATION_STATUSES)
  status?: ApplicationStatus;
}

export class OfferPlacesDto {
  @ApiProperty({ description: 'Day from which places are free.', format: 'date', example: '2027-01-04' })
  @IsDay()
  freeFrom: string;

  @ApiPropertyOptional({
    description: 'Most offers to make now.',
    type: 'integer',
    minimum: 1,
    maximum: 50,
    default: 1,
  })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(50)
  offers: number = 1;

  @ApiPropertyOptional({
    description: 'Hours that a family has to answer.',
    type: 'integer',
    minimum: 1,
    maximum: 720,
    default: 72,
  })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(720)
  answerHours: number = 72;
}
