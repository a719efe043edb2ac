import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsBoolean, IsOptional, Matches } from 'class-validator';
import { MONTH } from './cost';
import { CONTRACT_ID, count, MONTH_MESSAGE, SITE_ID } from './costs.dto';
import type { RentBasis } from './rent';

const BASES: RentBasis[] = ['area', 'equal_parts', 'nobody'];

export class TakeRentsDto {
  @ApiProperty({ description: 'The month whose rent it is, up to the present one.', example: '2026-11' })
  @Matches(MONTH, MONTH_MESSAGE)
  month: string;

  @ApiPropertyOptional({ description: 'true: only say what would happen.', default: false })
  @IsOptional()
  @IsBoolean()
  dryRun?: boolean;
}

export class RentOfContractDto {
  @ApiProperty({ format: 'uuid', description: 'The contract.', example: CONTRACT_ID })
  contractId: string;

  @ApiProperty({ description: 'Its number.', example: 'HP-2026-001' })
  number: string;

  @ApiProperty(count('Rent of the month in fen.', 100_000))
  rentFen: number;

  @ApiProperty(count('Days on which rent was due.', 30))
  days: number;

  @ApiProperty(count('Sites that stood under it.', 12))
  sites: number;

  @ApiProperty({
    enum: BASES,
    description: 'How it is divided; nobody: no site stood under it, the rent is in no costs.',
    example: 'area',
  })
  basis: RentBasis;
}

export class RentPartDto {
  @ApiProperty({ format: 'uuid', description: 'The site.', example: SITE_ID })
  siteId: string;

  @ApiProperty({ format: 'uuid', description: 'The contract.', example: CONTRACT_ID })
  contractId: string;

  @ApiProperty(count("The site's part in fen.", 8_334))
  amountFen: number;
}

export class RentsTakenDto {
  @ApiProperty({ description: 'The month.', example: '2026-11' })
  month: string;

  @ApiProperty({ description: 'True: nothing was written.', example: false })
  dryRun: boolean;

  @ApiProperty(count('Rent of all contracts together, in fen.', 300_000))
  rentFen: number;

  @ApiProperty(count('Of that what no site bears, because none stood under the contract.', 0))
  unplacedFen: number;

  @ApiProperty(count('Parts that were not there.', 36))
  added: number;

  @ApiProperty(count('Parts that are another amount now.', 0))
  changed: number;

  @ApiProperty(count('Parts that are gone.', 0))
  removed: number;

  @ApiProperty(count('Parts that were the same already.', 0))
  unchanged: number;

  @ApiProperty(count('Contracts with rent.', 3))
  contractCount: number;

  @ApiProperty({ type: [RentOfContractDto], description: 'The first two hundred of them.' })
  contracts: RentOfContractDto[];

  @ApiProperty({ type: [RentPartDto], description: 'The first thousand parts.' })
  parts: RentPartDto[];
}
