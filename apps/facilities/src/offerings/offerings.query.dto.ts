import { SERVICE_MODES, type ServiceMode } from '@doorstep/contracts';
import { PageQuery } from '@doorstep/platform';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional, IsUUID, Matches } from 'class-validator';

export class OfferingsOfSiteQuery extends PageQuery {
  @ApiPropertyOptional({ description: 'Only this kind of service.', example: 'meals' })
  @IsOptional()
  @Matches(/^[a-z][a-z0-9_]{1,39}$/)
  kind?: string;

  @ApiPropertyOptional({ description: 'Only this mode.', enum: SERVICE_MODES })
  @IsOptional()
  @IsIn(SERVICE_MODES)
  mode?: ServiceMode;

  @ApiPropertyOptional({
    description: 'Only those on offer, or only those taken off.',
    enum: ['true', 'false'],
  })
  @IsOptional()
  @IsIn(['true', 'false'])
  active?: 'true' | 'false';
}

export class OfferingsQuery extends OfferingsOfSiteQuery {
  @ApiPropertyOptional({ description: 'Only of this site.', format: 'uuid' })
  @IsOptional()
  @IsUUID()
  siteId?: string;

  @ApiPropertyOptional({ description: 'Only of sites within this region.', example: '310101' })
  @IsOptional()
  @Matches(/^\d{2,12}$/)
  regionCode?: string;
}
