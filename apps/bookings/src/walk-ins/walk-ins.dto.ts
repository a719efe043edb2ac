import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsInt, IsOptional, IsUUID, Max, Min } from 'class-validator';
import { PARTY_SIZE_MAX } from '../bookings/bookings.dto';
import { PackageChoiceField } from '../bookings/package-choice.field';

export class WalkInDto {
  @ApiProperty({
    description: 'Who came.',
    format: 'uuid',
    example: '019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2b1a',
  })
  @IsUUID()
  residentId: string;

  @ApiPropertyOptional({
    description: 'With how many, the resident included.',
    type: 'integer',
    minimum: 1,
    maximum: PARTY_SIZE_MAX,
    default: 1,
  })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(PARTY_SIZE_MAX)
  partySize: number = 1;

  @PackageChoiceField()
  packageId?: string;
}
