import { Body, Controller, Delete, Get, Header, Param, Post, Query } from '@nestjs/common';
import { Access, ApiPage, type Page, UuidParam } from '@doorstep/platform';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { ApiClientDto, ApiClientsQuery, IssueApiKeyDto, IssuedApiKeyDto } from './api-clients.dto';
import { ApiClientsService } from './api-clients.service';

const ID = { name: 'id', format: 'uuid', description: "The API client's id: the middle part of its key." };

@ApiTags('API clients')
@Controller('v1/api-clients')
export class ApiClientsController {
  constructor(private readonly clients: ApiClientsService) {}

  @Post()
  @Access('api-clients:create')
  @Header('cache-control', 'no-store')
  @ApiOperation({ summary: 'Issue an API key to a booking front-end' })
  @ApiCreatedResponse({ type: IssuedApiKeyDto, description: 'Issued; the key is shown this once.' })
  issue(@Body() body: IssueApiKeyDto): Promise<IssuedApiKeyDto> {
    return this.clients.issue(body);
  }

  @Get()
  @Access('api-clients:read')
  @ApiOperation({ summary: 'List API clients' })
  @ApiPage(ApiClientDto, 'API clients in the order of their issue.')
  list(@Query() query: ApiClientsQuery): Promise<Page<ApiClientDto>> {
    return this.clients.list(query);
  }

  @Get(':id')
  @Access('api-clients:read')
  @ApiOperation({ summary: 'See one API client' })
  @ApiParam(ID)
  @ApiOkResponse({ type: ApiClientDto, description: 'The API client.' })
  find(@Param('id', UuidParam) id: string): Promise<ApiClientDto> {
    return this.clients.find(id);
  }

  @Delete(':id')
  @Access('api-clients:revoke')
  @ApiOperation({ summary: 'Revoke an API key, for good' })
  @ApiParam(ID)
  @ApiOkResponse({ type: ApiClientDto, description: 'Revoked, or revoked before.' })
  revoke(@Param('id', UuidParam) id: string): Promise<ApiClientDto> {
    return this.clients.revoke(id);
  }
}
