import { PageQuery } from '@doorstep/platform';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayNotEmpty,
  IsArray,
  IsOptional,
  IsUUID,
  Matches,
  ValidateNested,
} from 'class-validator';
import { SITES_PER_CALL_MAX } from './contract-site';
import { CONTRACT_ID, DAY, DAY_MESSAGE } from './contracts.dto';
import { KIND, KIND_MESSAGE } from './terms.dto';

const SITE_ID = '019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2b1c';

export class SiteAdditionDto {
  @ApiProperty({ format: 'uuid', description: 'A site of the operator.', example: SITE_ID })
  @IsUUID()
  siteId: string;

  @ApiPropertyOptional({
    format: 'date',
    description: 'First day; default: that of the contract.',
    example: '2026-12-01',
  })
  @IsOptional()
  @Matches(DAY, DAY_MESSAGE)
  from?: string;

  @ApiPropertyOptional({
    format: 'date',
    description: 'First day that is out; default: that of the contract.',
    example: '2029-12-01',
  })
  @IsOptional()
  @Matches(DAY, DAY_MESSAGE)
  to?: string;

  @ApiPropertyOptional({
    type: [String],
    description: 'Kinds that may run here; empty or left out: all of the contract.',
    example: ['meals'],
  })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(50)
  @Matches(KIND, { each: true, ...KIND_MESSAGE })
  kinds?: string[];
}

export class BringSitesDto {
  @ApiProperty({
    type: [SiteAdditionDto],
    description: `At most ${SITES_PER_CALL_MAX} in one call; all or none.`,
  })
  @IsArray()
  @ArrayNotEmpty()
  @ArrayMaxSize(SITES_PER_CALL_MAX)
  @ValidateNested({ each: true })
  @Type(() => SiteAdditionDto)
  sites: SiteAdditionDto[];
}

export class ContractSitesQuery extends PageQuery {
  @ApiPropertyOptional({
    format: 'date',
    description: 'Only sites that stand under it on this day.',
    example: '2027-03-01',
  })
  @IsOptional()
  @Matches(DAY, DAY_MESSAGE)
  asOf?: string;

  @ApiPropertyOptional({ format: 'uuid', description: 'Only this site.', example: SITE_ID })
  @IsOptional()
  @IsUUID()
  siteId?: string;
}

export class ContractSiteDto {
  @ApiProperty({
    format: 'uuid',
    description: 'Id of the standing.',
    example: '019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2b22',
  })
  id: string;

  @ApiProperty({ format: 'uuid', description: 'The contract.', example: CONTRACT_ID })
  contractId: string;

  @ApiProperty({ format: 'uuid', description: 'The site.', example: SITE_ID })
  siteId: string;

  @ApiProperty({ format: 'date', description: 'First day.', example: '2026-12-01' })
  from: string;

  @ApiProperty({ format: 'date', description: 'First day that is out.', example: '2029-12-01' })
  to: string;

  @ApiProperty({
    type: [String],
    description: 'Kinds that may run here; empty: all of the contract.',
    example: [],
  })
  kinds: string[];

  @ApiProperty({ description: 'Bookings may be made: the contract is active.', example: true })
  inForce: boolean;

  @ApiProperty({ type: 'integer', description: 'Grows by one with each change.', example: 1 })
  version: number;
}

export class ListedSiteDto extends ContractSiteDto {
  @ApiProperty({
    type: String,
    nullable: true,
    description: "The owner's code of the site.",
    example: 'HP-0001',
  })
  siteCode: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'Name of the site.', example: '东门社区综合体' })
  siteName: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'Region of the site.', example: '310101002001' })
  regionCode: string | null;
}

export class BroughtSitesDto {
  @ApiProperty({
    type: [ContractSiteDto],
    description: 'One standing for each entry of the call, in its order.',
  })
  items: ContractSiteDto[];
}
