import {
  Body,
  Controller,
  Get,
  Header,
  HttpCode,
  Param,
  Post,
  Query,
  type StreamableFile,
} from '@nestjs/common';
import { DOCUMENT_TYPES } from '@doorstep/kernel';
import { Access, ApiPage, type Page, UuidParam } from '@doorstep/platform';
import {
  ApiCreatedResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiProduces,
  ApiTags,
} from '@nestjs/swagger';
import { TouchedBookingDto } from '../bookings/touched-booking.dto';
import { TouchedPlacementDto } from '../bookings/touched-placement.dto';
import { asAttachment } from '../shared/attachment.http';
import { LapsesService } from './lapses.service';
import {
  EnterLicenceDto,
  LicenceDto,
  LicencesQuery,
  RenewLicenceDto,
  RevokeLicenceDto,
} from './licences.dto';
import { LicencesService } from './licences.service';
import { StandingDto, StandingsQuery } from './requirements.dto';

const ID = { name: 'id', format: 'uuid', description: "The licence's id." };

@ApiTags('licences')
@Controller('v1/licences')
export class LicencesController {
  constructor(
    private readonly licences: LicencesService,
    private readonly lapses: LapsesService,
  ) {}

  @Post()
  @Access('licences:write')
  @ApiOperation({ summary: "Enter a site's licence with its scan" })
  @ApiCreatedResponse({ type: LicenceDto, description: 'Entered.' })
  enter(@Body() body: EnterLicenceDto): Promise<LicenceDto> {
    return this.licences.enter(body);
  }

  @Get()
  @Access('licences:read')
  @ApiOperation({ summary: 'List licences, by site, type and time left' })
  @ApiPage(LicenceDto, 'Licences in the order of their entry.')
  list(@Query() query: LicencesQuery): Promise<Page<LicenceDto>> {
    return this.licences.list(query);
  }

  @Get('blocked-sites')
  @Access('licences:read')
  @ApiOperation({ summary: 'List sites that take no new bookings of some kind for want of a licence' })
  @ApiPage(StandingDto, 'Sites with what is blocked there.')
  blocked(@Query() query: StandingsQuery): Promise<Page<StandingDto>> {
    return this.lapses.blocked(query);
  }

  @Get(':id')
  @Access('licences:read')
  @ApiOperation({ summary: 'See one licence' })
  @ApiParam(ID)
  @ApiOkResponse({ type: LicenceDto, description: 'The licence.' })
  find(@Param('id', UuidParam) id: string): Promise<LicenceDto> {
    return this.licences.find(id);
  }

  @Get(':id/document')
  @Access('licences:read')
  @Header('x-content-type-options', 'nosniff')
  @ApiOperation({ summary: 'Fetch the scan of a licence' })
  @ApiParam(ID)
  @ApiProduces(...DOCUMENT_TYPES)
  @ApiOkResponse({ description: 'The file.', schema: { type: 'string', format: 'binary' } })
  async document(@Param('id', UuidParam) id: string): Promise<StreamableFile> {
    return asAttachment(await this.licences.document(id));
  }

  @Get(':id/bookings')
  @Access('licences:read')
  @ApiOperation({
    summary: 'List bookings already made for days on which the licence does not hold any more',
  })
  @ApiParam(ID)
  @ApiPage(TouchedBookingDto, 'Bookings by their start.')
  bookings(
    @Param('id', UuidParam) id: string,
    @Query() query: StandingsQuery,
  ): Promise<Page<TouchedBookingDto>> {
    return this.lapses.bookings(id, query);
  }

  @Get(':id/placements')
  @Access('licences:read')
  @ApiOperation({
    summary: "List children's places with days to come on which the licence does not hold any more",
  })
  @ApiParam(ID)
  @ApiPage(TouchedPlacementDto, 'Places by the first day that is touched.')
  placements(
    @Param('id', UuidParam) id: string,
    @Query() query: StandingsQuery,
  ): Promise<Page<TouchedPlacementDto>> {
    return this.lapses.placements(id, query);
  }

  @Post(':id/renewals')
  @Access('licences:write')
  @ApiOperation({ summary: 'Enter the licence that takes the place of this one' })
  @ApiParam(ID)
  @ApiCreatedResponse({ type: LicenceDto, description: 'The new licence.' })
  renew(@Param('id', UuidParam) id: string, @Body() body: RenewLicenceDto): Promise<LicenceDto> {
    return this.licences.renew(id, body);
  }

  @Post(':id/revoke')
  @HttpCode(200)
  @Access('licences:write')
  @ApiOperation({
    summary: 'Note that a licence was taken away; new bookings of what needs it stop on that day',
  })
  @ApiParam(ID)
  @ApiOkResponse({ type: LicenceDto, description: 'Revoked.' })
  revoke(@Param('id', UuidParam) id: string, @Body() body: RevokeLicenceDto): Promise<LicenceDto> {
    return this.licences.revoke(id, body);
  }
}
