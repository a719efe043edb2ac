import { Body, Controller, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { Access, ApiPage, type Page, UuidParam } from '@doorstep/platform';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { PlacementDto, PlacementsDto } from '../placements/placements.dto';
import {
  ApplicationDto,
  ApplicationsQuery,
  ApplyDto,
  ChangeApplicationDto,
  OfferPlacesDto,
} from './applications.dto';
import { Applications } from './applications.service';

const ID = { name: 'id', description: 'The application.', format: 'uuid' };

@ApiTags('childcare')
@Controller('v1')
export class ApplicationsController {
  constructor(private readonly applications: Applications) {}

  @Post('childcare-applications')
  @Access('placements:apply')
  @ApiOperation({ summary: 'Apply for a place in childcare' })
  @ApiCreatedResponse({ type: ApplicationDto, description: 'The application, with its place in the queue.' })
  apply(@Body() body: ApplyDto): Promise<ApplicationDto> {
    return this.applications.apply(body);
  }

  @Get('childcare-applications')
  @Access('placements:read')
  @ApiOperation({ summary: 'List who waits, and who waited, for childcare' })
  @ApiPage(
    ApplicationDto,
    'Applications in the order in which they came in; position is the place in the queue.',
  )
  list(@Query() query: ApplicationsQuery): Promise<Page<ApplicationDto>> {
    return this.applications.list(query);
  }

  @Get('childcare-applications/:id')
  @Access('placements:read')
  @ApiOperation({ summary: 'See one application' })
  @ApiParam(ID)
  @ApiOkResponse({ type: ApplicationDto, description: 'The application.' })
  find(@Param('id', UuidParam) id: string): Promise<ApplicationDto> {
    return this.applications.find(id);
  }

  @Patch('childcare-applications/:id')
  @Access('placements:apply')
  @ApiOperation({ summary: 'Prolong an application, or give it another priority' })
  @ApiParam(ID)
  @ApiOkResponse({ type: ApplicationDto, description: 'The application.' })
  change(@Param('id', UuidParam) id: string, @Body() body: ChangeApplicationDto): Promise<ApplicationDto> {
    return this.applications.change(id, body);
  }

  @Post('childcare-applications/:id/withdraw')
  @HttpCode(200)
  @Access('placements:apply')
  @ApiOperation({ summary: 'Wait no more; a place that is offered goes to the next' })
  @ApiParam(ID)
  @ApiOkResponse({ type: ApplicationDto, description: 'The application as it ended.' })
  withdraw(@Param('id', UuidParam) id: string): Promise<ApplicationDto> {
    return this.applications.withdraw(id);
  }

  @Post('childcare-applications/:id/accept')
  @HttpCode(200)
  @Access('placements:apply')
  @ApiOperation({ summary: 'Take the place that is offered' })
  @ApiParam(ID)
  @ApiOkResponse({ type: PlacementDto, description: 'The placement.' })
  accept(@Param('id', UuidParam) id: string): Promise<PlacementDto> {
    return this.applications.accept(id);
  }

  @Post('childcare-applications/:id/decline')
  @HttpCode(200)
  @Access('placements:apply')
  @ApiOperation({ summary: 'Leave the place that is offered to the next' })
  @ApiParam(ID)
  @ApiOkResponse({ type: ApplicationDto, description: 'The application as it ended.' })
  decline(@Param('id', UuidParam) id: string): Promise<ApplicationDto> {
    return this.applications.decline(id);
  }

  @Post('care-groups/:id/offers')
  @Access('placements:write')
  @ApiOperation({
    summary: 'Offer free places to who waits',
    description:
      'In the order of priority, then of applying, passing over those whose age, terms or time the place does not fit. Each ' +
      'offer takes the place until it is answered.',
  })
  @ApiParam({ name: 'id', description: 'The group.', format: 'uuid' })
  @ApiCreatedResponse({
    type: PlacementsDto,
    description: 'The places that are offered now; none: nobody fits.',
  })
  async offer(@Param('id', UuidParam) id: string, @Body() body: OfferPlacesDto): Promise<PlacementsDto> {
    return { items: await this.applications.offerPlaces(id, body) };
  }
}
