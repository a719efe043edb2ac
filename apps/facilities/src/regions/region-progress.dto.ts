import { ApiProperty } from '@nestjs/swagger';

/** reading the file · checking it as a whole · writing it in parts · done, or rehearsed */
export const IMPORT_STAGES = ['reading', 'checking', 'writing', 'done'] as const;
export type ImportStage = (typeof IMPORT_STAGES)[number];

export class RegionProgressDto {
  @ApiProperty({
    description: 'The progressId that the import was given.',
    format: 'uuid',
    example: '019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2b1a',
  })
  id: string;

  @ApiProperty({ description: 'What is being done.', enum: IMPORT_STAGES, example: 'writing' })
  stage: string;

  @ApiProperty({ description: 'Rows that have been.', type: 'integer', minimum: 0, example: 45_000 })
  done: number;

  @ApiProperty({
    description: 'Out of so many; null while the file is read.',
    type: 'integer',
    minimum: 0,
    nullable: true,
    example: 111_000,
  })
  total: number | null;

  @ApiProperty({
    description: 'When this was written.',
    format: 'date-time',
    example: '2026-11-02T01:00:00.000Z',
  })
  changedAt: Date;
}
