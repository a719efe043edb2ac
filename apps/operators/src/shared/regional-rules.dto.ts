import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, Matches } from 'class-validator';
import { IsDay } from './day.validator';

const REGION = /^(\d{2}|\d{4}|\d{6}|\d{9}|\d{12})$/;

/** Where and from when on a rule holds. */
export class RegionalRuleDto {
  @ApiPropertyOptional({
    description: 'Only there; left out: everywhere. Of two that cover a place, the longer code wins.',
    example: '3101',
  })
  @IsOptional()
  @Matches(REGION, { message: 'regionCode must be 2, 4, 6, 9 or 12 digits' })
  regionCode?: string;

  @ApiProperty({ format: 'date', description: 'First day on which it holds.', example: '2027-01-01' })
  @IsDay()
  from: string;
}

export class EndRuleDto {
  @ApiProperty({
    format: 'date',
    description: 'First day on which it does not hold any more.',
    example: '2028-01-01',
  })
  @IsDay()
  on: string;
}

export class ShownRuleDto {
  @ApiProperty({ format: 'uuid', description: 'Id.', example: '019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2b80' })
  id: string;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Only there; null: everywhere.',
    example: '3101',
  })
  regionCode: string | null;

  @ApiProperty({ format: 'date', description: 'First day.', example: '2027-01-01' })
  from: string;

  @ApiProperty({
    type: String,
    format: 'date',
    nullable: true,
    description: 'First day that is out.',
    example: null,
  })
  to: string | null;
}
