import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { Access, ApiPage, type Page, UuidParam } from '@doorstep/platform';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { BringSitesDto, BroughtSitesDto, ContractSitesQuery, ListedSiteDto } from './contract-sites.dto';
import { ContractSitesService } from './contract-sites.service';

const ID = { name: 'id', format: 'uuid', description: "The contract's id." };

@ApiTags('contracts')
@Controller('v1/contracts/:id/sites')
export class ContractSitesController {
  constructor(private readonly sites: ContractSitesService) {}

  @Post()
  @Access('contracts:amend')
  @ApiOperation({
    summary: 'Bring up to 1000 sites under a contract at once',
    description:
      'All or none. Either party fills a draft; later the authority lets more sites be run, and the operator proposes an amendment.',
  })
  @ApiParam(ID)
  @ApiCreatedResponse({ type: BroughtSitesDto, description: 'The sites stand under the contract.' })
  bring(@Param('id', UuidParam) id: string, @Body() body: BringSitesDto): Promise<BroughtSitesDto> {
    return this.sites.bring(id, body);
  }

  @Get()
  @Access('contracts:read')
  @ApiOperation({ summary: 'List the sites under a contract, of all days or of one' })
  @ApiParam(ID)
  @ApiPage(ListedSiteDto, 'Sites in a fixed order: earlier calls first.')
  list(@Param('id', UuidParam) id: string, @Query() query: ContractSitesQuery): Promise<Page<ListedSiteDto>> {
    return this.sites.list(id, query);
  }

  @Delete(':contractSiteId')
  @HttpCode(204)
  @Access('contracts:amend')
  @ApiOperation({ summary: 'Take a site off a draft' })
  @ApiParam(ID)
  @ApiParam({ name: 'contractSiteId', format: 'uuid', description: "Id of the site's standing." })
  @ApiNoContentResponse({ description: 'Taken off.' })
  withdraw(
    @Param('id', UuidParam) id: string,
    @Param('contractSiteId', UuidParam) contractSiteId: string,
  ): Promise<void> {
    return this.sites.withdraw(id, contractSiteId);
  }
}
