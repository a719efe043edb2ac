import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { PlacementDto } from '../placements/placements.dto';
import { PlannedWeekdayDto } from '../placements/terms.dto';

const ID = '019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2b1a';

export class CareApplicationExportDto {
  @ApiProperty({ description: 'The application.', format: 'uuid', example: ID })
  id: string;

  @ApiProperty({ description: 'What was applied for.', format: 'uuid', example: ID })
  offeringId: string;

  @ApiProperty({ description: 'How care was to be taken up.', example: 'full_day' })
  mode: string;

  @ApiProperty({ description: 'Weekdays.', type: PlannedWeekdayDto, isArray: true })
  pattern: PlannedWeekdayDto[];

  @ApiProperty({ description: 'When the child would begin.', format: 'date', example: '2027-01-04' })
  wishedStart: string;

  @ApiProperty({ description: 'Last day that it stands.', format: 'date', example: '2027-03-31' })
  dueOn: string;

  @ApiProperty({ description: 'Where it is.', example: 'accepted' })
  status: string;

  @ApiProperty({ description: 'Since when.', format: 'date-time', example: '2026-11-02T01:00:00.000Z' })
  appliedAt: string;
}

export class CareDayExportDto {
  @ApiProperty({ description: 'The placement.', format: 'uuid', example: ID })
  placementId: string;

  @ApiProperty({ description: 'The day.', format: 'date', example: '2026-12-01' })
  day: string;

  @ApiPropertyOptional({ description: 'How an absence counts.', example: 'sick' })
  absenceKind?: string;

  @ApiPropertyOptional({ description: 'What was recorded.', example: 'attended' })
  outcome?: string;

  @ApiPropertyOptional({
    description: 'When the child came.',
    format: 'date-time',
    example: '2026-12-01T00:05:00Z',
  })
  checkedInAt?: string;

  @ApiPropertyOptional({ description: 'When it left.', format: 'date-time', example: '2026-12-01T09:05:00Z' })
  checkedOutAt?: string;

  @ApiPropertyOptional({ description: 'Degrees Celsius at the door.', example: 36.5 })
  temperature?: number;

  @ApiPropertyOptional({ description: 'What was seen at the door.', type: [String], example: [] })
  symptoms?: string[];
}

export class ChildcareExportDto {
  @ApiProperty({ description: 'Places, oldest first.', type: PlacementDto, isArray: true })
  placements: PlacementDto[];

  @ApiProperty({ description: 'Applications, oldest first.', type: CareApplicationExportDto, isArray: true })
  applications: CareApplicationExportDto[];

  @ApiProperty({ description: 'Records and absences, oldest first.', type: CareDayExportDto, isArray: true })
  days: CareDayExportDto[];
}
