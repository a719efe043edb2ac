import { ApiProperty } from '@nestjs/swagger';
import { PointDto } from '@doorstep/platform';

export class HomeDto {
  @ApiProperty({
    description: 'Whose home it is.',
    format: 'uuid',
    example: '019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2b1a',
  })
  residentId: string;

  @ApiProperty({
    description:
      'Where, to a hundredth of a degree: all that planning sees. The point itself is never shown.',
    type: PointDto,
  })
  near: PointDto;
}
