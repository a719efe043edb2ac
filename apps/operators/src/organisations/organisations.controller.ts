import { Body, Controller, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { Access, ApiPage, type Page, UuidParam } from '@doorstep/platform';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import {
  ChangeOrganisationDto,
  OrganisationDto,
  OrganisationsQuery,
  RegisterOrganisationDto,
} from './organisations.dto';
import { OrganisationsService } from './organisations.service';

const ID = { name: 'id', format: 'uuid', description: "The organisation's id." };

@ApiTags('organisations')
@Controller('v1/organisations')
export class OrganisationsController {
  constructor(private readonly organisations: OrganisationsService) {}

  @Post()
  @Access('organisations:create')
  @ApiOperation({ summary: 'Register an operator, an authority or a funder' })
  @ApiCreatedResponse({ type: OrganisationDto, description: 'Registered.' })
  register(@Body() body: RegisterOrganisationDto): Promise<OrganisationDto> {
    return this.organisations.register(body);
  }

  @Get()
  @Access('organisations:read')
  @ApiOperation({ summary: 'List organisations: authorities and funders, and of operators the own one' })
  @ApiPage(OrganisationDto, 'Organisations in the order of their registration.')
  list(@Query() query: OrganisationsQuery): Promise<Page<OrganisationDto>> {
    return this.organisations.list(query);
  }

  @Get(':id')
  @Access('organisations:read')
  @ApiOperation({ summary: 'See one organisation' })
  @ApiParam(ID)
  @ApiOkResponse({ type: OrganisationDto, description: 'The organisation.' })
  find(@Param('id', UuidParam) id: string): Promise<OrganisationDto> {
    return this.organisations.find(id);
  }

  @Patch(':id')
  @Access('organisations:update')
  @ApiOperation({ summary: "Correct an organisation's data" })
  @ApiParam(ID)
  @ApiOkResponse({ type: OrganisationDto, description: 'The organisation after the change.' })
  change(@Param('id', UuidParam) id: string, @Body() body: ChangeOrganisationDto): Promise<OrganisationDto> {
    return this.organisations.change(id, body);
  }
}
