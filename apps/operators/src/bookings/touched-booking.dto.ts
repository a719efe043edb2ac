import { ApiProperty } from '@nestjs/swagger';

export class TouchedBookingDto {
  @ApiProperty({
    format: 'uuid',
    description: 'The booking.',
    example: '019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2b70',
  })
  bookingId: string;

  @ApiProperty({
    format: 'uuid',
    description: 'The offering.',
    example: '019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2b71',
  })
  offeringId: string;

  @ApiProperty({ description: 'Kind.', example: 'meals' })
  kind: string;

  @ApiProperty({ description: 'Mode.', example: 'session' })
  mode: string;

  @ApiProperty({ format: 'date-time', description: 'Start.', example: '2027-01-04T03:30:00.000Z' })
  start: Date;

  @ApiProperty({ format: 'date-time', description: 'End.', example: '2027-01-04T04:30:00.000Z' })
  end: Date;

  @ApiProperty({ enum: ['held', 'confirmed'], description: 'It stands.', example: 'confirmed' })
  status: string;
}
