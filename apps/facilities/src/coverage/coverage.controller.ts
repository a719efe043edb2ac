import { Controller, Get, Param, Query, type StreamableFile } from '@nestjs/common';
import { Access, ApiDownload, ApiPage, download, type Page } from '@doorstep/platform';
import { ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { RegionCodeParam } from '../regions/region-code.pipe';
import {
  CoverageDto,
  CoverageFileQuery,
  CoverageQuery,
  GapDto,
  GapsQuery,
  PartDto,
  PartsQuery,
  ProposalsDto,
  ProposalsQuery,
} from './coverage.dto';
import { coverageFile, placesOfGaps, placesOfParts, placesOfProposals } from './coverage.files';
import { CoverageService } from './coverage.service';

const CODE = {
  name: 'code',
  description: 'Statistics code of a city or what lies in it.',
  example: '310101',
};

@ApiTags('coverage')
@Controller('v1/regions/:code/coverage')
export class CoverageController {
  constructor(private readonly coverage: CoverageService) {}

  @Get()
  @Access('coverage:read')
  @ApiOperation({ summary: 'See which share of a region lives within a walk of each kind of service' })
  @ApiParam(CODE)
  @ApiOkResponse({ type: CoverageDto, description: 'By kind, age group and circle.' })
  summary(@Param('code', RegionCodeParam) code: string, @Query() query: CoverageQuery): Promise<CoverageDto> {
    return this.coverage.summary(code, query);
  }

  @Get('parts')
  @Access('coverage:read')
  @ApiOperation({ summary: "Compare a region's districts, streets or communities" })
  @ApiParam(CODE)
  @ApiPage(PartDto, 'Parts in the order of their codes.')
  parts(@Param('code', RegionCodeParam) code: string, @Query() query: PartsQuery): Promise<Page<PartDto>> {
    return this.coverage.parts(code, query);
  }

  @Get('gaps')
  @Access('coverage:read')
  @ApiOperation({
    summary: 'List the communities that have no site of a kind within the walk, greatest need first',
  })
  @ApiParam(CODE)
  @ApiPage(GapDto, 'Gaps, greatest need first.')
  gaps(@Param('code', RegionCodeParam) code: string, @Query() query: GapsQuery): Promise<Page<GapDto>> {
    return this.coverage.gaps(code, query);
  }

  @Get('proposals')
  @Access('coverage:read')
  @ApiOperation({ summary: 'Ask where to build next: the places that bring most people within the walk' })
  @ApiParam(CODE)
  @ApiOkResponse({ type: ProposalsDto, description: 'Places in the order of building, each with its gain.' })
  proposals(
    @Param('code', RegionCodeParam) code: string,
    @Query() query: ProposalsQuery,
  ): Promise<ProposalsDto> {
    return this.coverage.proposals(code, query);
  }

  @Get('file')
  @Access('coverage:read')
  @ApiOperation({ summary: 'Take parts, gaps or places to build along: CSV, XLSX, or GeoJSON for maps' })
  @ApiParam(CODE)
  @ApiDownload('One row or point for each.', 'csv', 'xlsx', 'geojson')
  async file(
    @Param('code', RegionCodeParam) code: string,
    @Query() query: CoverageFileQuery,
  ): Promise<StreamableFile> {
    const places = await this.places(code, query);
    const name = `${places.title}-${code}-${query.kind}-${query.minutes}min`;
    return download(await coverageFile(places, query), name, query.format);
  }

  private async places(code: string, query: CoverageFileQuery) {
    if (query.what === 'gaps') return placesOfGaps(await this.coverage.allGaps(code, query));
    if (query.what === 'parts') return placesOfParts(await this.coverage.coveredParts(code, query));
    return placesOfProposals((await this.coverage.proposals(code, query)).items);
  }
}
