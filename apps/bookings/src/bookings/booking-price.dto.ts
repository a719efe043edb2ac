import { ApiProperty } from '@nestjs/swagger';

const ID = '019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2b1a';

export class FunderShareDto {
  @ApiProperty({ description: 'The subsidy programme.', format: 'uuid', example: ID })
  programmeId: string;

  @ApiProperty({ description: 'Who pays.', format: 'uuid', example: ID })
  funderId: string;

  @ApiProperty({ description: 'How much.', type: 'integer', example: 200 })
  amountFen: number;
}

export class BookingPriceDto {
  @ApiProperty({
    description: 'The whole price: resident, funders and operator together.',
    type: 'integer',
    example: 1800,
  })
  grossFen: number;

  @ApiProperty({ description: 'What the resident pays.', type: 'integer', example: 1600 })
  residentFen: number;

  @ApiProperty({ description: 'What all funders pay together.', type: 'integer', example: 200 })
  fundersFen: number;

  @ApiProperty({ description: 'The concession that the operator grants.', type: 'integer', example: 0 })
  operatorFen: number;

  @ApiProperty({ description: 'What each programme pays.', type: FunderShareDto, isArray: true })
  lines: FunderShareDto[];
}
