import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsInt, IsOptional, Matches, Max, Min } from 'class-validator';
import { IsDay } from '../day.validator';

const REGION = /^(\d{2}|\d{4}|\d{6}|\d{9}|\d{12})$/;

class VisitFiguresDto {
  @ApiProperty({
    description: 'A position within so many metres of the home proves a visit.',
    type: 'integer',
    minimum: 20,
    maximum: 5000,
    example: 200,
  })
  @IsInt()
  @Min(20)
  @Max(5000)
  fenceMetres: number;

  @ApiProperty({
    description: 'A position farther away puts the visit on review, whatever else proves it.',
    type: 'integer',
    minimum: 20,
    maximum: 100_000,
    example: 500,
  })
  @IsInt()
  @Min(20)
  @Max(100_000)
  farMetres: number;

  @ApiProperty({
    description: 'Fewest minutes of a visit; never more than were booked.',
    type: 'integer',
    minimum: 0,
    maximum: 600,
    example: 15,
  })
  @IsInt()
  @Min(0)
  @Max(600)
  minutesMin: number;

  @ApiProperty({
    description: 'Smallest share of the booked time, in percent.',
    type: 'integer',
    minimum: 0,
    maximum: 100,
    example: 50,
  })
  @IsInt()
  @Min(0)
  @Max(100)
  sharePercentMin: number;

  @ApiProperty({
    description: 'Speed at which ways between visits are planned.',
    type: 'integer',
    minimum: 1,
    maximum: 200,
    example: 12,
  })
  @IsInt()
  @Min(1)
  @Max(200)
  planKmPerHour: number;

  @ApiProperty({
    description: 'Speed that nobody exceeds between two homes.',
    type: 'integer',
    minimum: 1,
    maximum: 1000,
    example: 60,
  })
  @IsInt()
  @Min(1)
  @Max(1000)
  kmPerHourMax: number;

  @ApiProperty({
    description: 'How long what was noted without a connection may be sent in, in hours.',
    type: 'integer',
    minimum: 0,
    maximum: 168,
    example: 24,
  })
  @IsInt()
  @Min(0)
  @Max(168)
  offlineHoursMax: number;

  @ApiProperty({
    description: 'How long a QR code counts, in seconds.',
    type: 'integer',
    minimum: 15,
    maximum: 3600,
    example: 300,
  })
  @IsInt()
  @Min(15)
  @Max(3600)
  qrSeconds: number;
}

export class SetVisitRuleDto extends VisitFiguresDto {
  @ApiPropertyOptional({
    description: 'Where it holds: the code of a region. Left out (administrators alone): everywhere.',
    pattern: REGION.source,
    example: '3101',
  })
  @IsOptional()
  @Matches(REGION)
  regionCode?: string;

  @ApiProperty({ description: 'First day on which it holds.', format: 'date', example: '2027-01-01' })
  @IsDay()
  from: string;
}

export class VisitRuleDto extends VisitFiguresDto {
  @ApiProperty({
    description: 'The rule.',
    format: 'uuid',
    example: '019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2b1a',
  })
  id: string;

  @ApiProperty({
    description: 'Where it holds; null: everywhere.',
    type: 'string',
    nullable: true,
    example: '3101',
  })
  regionCode: string | null;

  @ApiProperty({ description: 'First day on which it holds.', format: 'date', example: '2027-01-01' })
  from: string;
}
