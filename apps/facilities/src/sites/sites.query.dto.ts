import { SITE_STATUSES, type SiteStatus } from '@doorstep/contracts';
import { PageQuery } from '@doorstep/platform';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, Length, Matches } from 'class-validator';
import {
  SITE_FORMS,
  SITE_TIERS,
  type SiteForm,
  type SiteTier,
  SPACE_SOURCES,
  type SpaceSource,
} from './site';

export class SitesQuery extends PageQuery {
  @ApiPropertyOptional({ description: 'Only sites within this region.', example: '310101' })
  @IsOptional()
  @Matches(/^\d{2,12}$/)
  regionCode?: string;

  @ApiPropertyOptional({ description: 'Only sites of this status.', enum: SITE_STATUSES })
  @IsOptional()
  @IsIn(SITE_STATUSES)
  status?: SiteStatus;

  @ApiPropertyOptional({ description: 'Only complexes, or only points.', enum: SITE_FORMS })
  @IsOptional()
  @IsIn(SITE_FORMS)
  form?: SiteForm;

  @ApiPropertyOptional({ description: 'Only sites of this tier.', enum: SITE_TIERS })
  @IsOptional()
  @IsIn(SITE_TIERS)
  tier?: SiteTier;

  @ApiPropertyOptional({ description: 'Only sites whose space was found like this.', enum: SPACE_SOURCES })
  @IsOptional()
  @IsIn(SPACE_SOURCES)
  spaceSource?: SpaceSource;

  @ApiPropertyOptional({ description: "Only the site of this owner's code.", example: 'SH-RJ-001' })
  @IsOptional()
  @IsString()
  @Length(1, 60)
  code?: string;

  @ApiPropertyOptional({ description: 'Only sites that offer this kind now.', example: 'meals' })
  @IsOptional()
  @Matches(/^[a-z][a-z0-9_]{1,39}$/)
  kind?: string;
}
