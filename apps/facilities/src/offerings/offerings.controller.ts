import { Body, Controller, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { Access, ApiPage, type Page, UuidParam } from '@doorstep/platform';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { ChangeOfferingDto, CreateOfferingDto, OfferingDto, OfferingWithWarningsDto } from './offerings.dto';
import { OfferingsOfSiteQuery, OfferingsQuery } from './offerings.query.dto';
import { OfferingsService } from './offerings.service';

const SITE = { name: 'siteId', format: 'uuid', description: "The site's id." };
const ID = { name: 'id', format: 'uuid', description: "The offering's id." };

@ApiTags('offerings')
@Controller('v1')
export class OfferingsController {
  constructor(private readonly offerings: OfferingsService) {}

  @Post('sites/:siteId/offerings')
  @Access('offerings:write')
  @ApiOperation({ summary: 'Enter what a site offers' })
  @ApiParam(SITE)
  @ApiCreatedResponse({ type: OfferingWithWarningsDto, description: 'The offering, with gentle warnings.' })
  create(
    @Param('siteId', UuidParam) siteId: string,
    @Body() body: CreateOfferingDto,
  ): Promise<OfferingWithWarningsDto> {
    return this.offerings.create(siteId, body);
  }

  @Get('sites/:siteId/offerings')
  @Access('offerings:read')
  @ApiOperation({ summary: 'List what a site offers' })
  @ApiParam(SITE)
  @ApiPage(OfferingDto, 'Offerings in the order in which they were entered.')
  listOfSite(
    @Param('siteId', UuidParam) siteId: string,
    @Query() query: OfferingsOfSiteQuery,
  ): Promise<Page<OfferingDto>> {
    return this.offerings.list({ ...query, siteId });
  }

  @Get('offerings')
  @Access('offerings:read')
  @ApiOperation({ summary: 'List offerings of all sites' })
  @ApiPage(OfferingDto, 'Offerings in the order in which they were entered.')
  list(@Query() query: OfferingsQuery): Promise<Page<OfferingDto>> {
    return this.offerings.list(query);
  }

  @Get('offerings/:id')
  @Access('offerings:read')
  @ApiOperation({ summary: 'See one offering' })
  @ApiParam(ID)
  @ApiOkResponse({ type: OfferingWithWarningsDto, description: 'The offering, with gentle warnings.' })
  find(@Param('id', UuidParam) id: string): Promise<OfferingWithWarningsDto> {
    return this.offerings.find(id);
  }

  @Patch('offerings/:id')
  @Access('offerings:write')
  @ApiOperation({ summary: 'Change an offering, or take it off' })
  @ApiParam(ID)
  @ApiOkResponse({ type: OfferingWithWarningsDto, description: 'The offering after the change.' })
  change(
    @Param('id', UuidParam) id: string,
    @Body() body: ChangeOfferingDto,
  ): Promise<OfferingWithWarningsDto> {
    return this.offerings.change(id, body);
  }
}
