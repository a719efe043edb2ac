import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsUUID } from 'class-validator';

const ID = '019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2b1a';

export class AssignDto {
  @ApiPropertyOptional({
    description: 'Who is to go; left out: the fittest other than who goes now.',
    format: 'uuid',
    example: ID,
  })
  @IsOptional()
  @IsUUID()
  caregiverId?: string;
}

export class CandidateDto {
  @ApiProperty({ description: 'The member of staff.', format: 'uuid', example: ID })
  staffId: string;

  @ApiProperty({ description: 'Whether they have been with this resident before.', example: true })
  knows: boolean;

  @ApiProperty({
    description: 'Their shortest way from where they are on that day, in minutes at the planned speed.',
    type: 'integer',
    example: 10,
  })
  wayMinutes: number;

  @ApiProperty({ description: 'How many bookings they have around that time.', type: 'integer', example: 3 })
  load: number;
}

export class CandidatesDto {
  @ApiProperty({ description: 'At most 50, the fittest first.', type: CandidateDto, isArray: true })
  items: CandidateDto[];
}
