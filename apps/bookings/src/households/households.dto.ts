import { ApiProperty } from '@nestjs/swagger';
import { Matches } from 'class-validator';

const ID = '019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2b1a';

export class CreateHouseholdDto {
  @ApiProperty({ description: 'Street (9 digits) or community (12 digits).', example: '310101002001' })
  @Matches(/^\d{9}(\d{3})?$/)
  regionCode: string;
}

export class HouseholdDto {
  @ApiProperty({ description: 'The household.', format: 'uuid', example: ID })
  id: string;

  @ApiProperty({ description: 'Where it lives.', example: '310101002001' })
  regionCode: string;

  @ApiProperty({
    description: 'Residents who live in it.',
    type: 'array',
    items: { type: 'string', format: 'uuid' },
    example: [ID],
  })
  residentIds: string[];

  @ApiProperty({ description: 'Counts its changes, from 1.', type: 'integer', example: 1 })
  version: number;

  @ApiProperty({
    description: 'When it was registered.',
    format: 'date-time',
    example: '2026-11-02T01:00:00.000Z',
  })
  createdAt: string;
}
