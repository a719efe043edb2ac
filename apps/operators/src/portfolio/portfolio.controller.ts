import { Controller, Get, Query, type StreamableFile } from '@nestjs/common';
import { Access, ApiDownload, ApiPage, downloadTable, type Page } from '@doorstep/platform';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { MarginsService } from './margins.service';
import { ComparisonDto, GroupDto, KpiDto, MarginDto, PayerDto, StreetDto, SummaryDto } from './portfolio.dto';
import {
  ComparisonQuery,
  GroupsQuery,
  MarginFileQuery,
  SliceQuery,
  StreetFileQuery,
  StreetReportQuery,
} from './portfolio.query.dto';
import { PortfolioService } from './portfolio.service';
import { StreetReportsService } from './street-reports.service';

const FILE = 'The file; text that a spreadsheet would run is neutralised.';

@ApiTags('portfolio')
@Controller('v1/portfolio')
export class PortfolioController {
  constructor(
    private readonly portfolio: PortfolioService,
    private readonly margins: MarginsService,
    private readonly streets: StreetReportsService,
  ) {}

  @Get('summary')
  @Access('portfolio:read')
  @ApiOperation({ summary: 'See what a chain, contract, region or site came to in some months' })
  @ApiOkResponse({ type: SummaryDto, description: 'Figures, and what needs somebody today.' })
  summary(@Query() query: SliceQuery): Promise<SummaryDto> {
    return this.portfolio.summary(query);
  }

  @Get('figures')
  @Access('portfolio:read')
  @ApiOperation({ summary: 'Drill down: city, district, street, community, contract, site, kind or month' })
  @ApiPage(GroupDto, 'Figures by the dimension asked for; pass a key as filter to go one step down.')
  figures(@Query() query: GroupsQuery): Promise<Page<GroupDto>> {
    return this.portfolio.groups(query);
  }

  @Get('payers')
  @Access('portfolio:read')
  @ApiOperation({ summary: 'See who paid how much: residents, each funder, and what the operator gave up' })
  @ApiPage(PayerDto, 'By payer.')
  payers(@Query() query: SliceQuery): Promise<Page<PayerDto>> {
    return this.portfolio.payers(query);
  }

  @Get('margins')
  @Access('portfolio:margins')
  @ApiOperation({ summary: 'See contribution margins by site, kind of service and funding source' })
  @ApiPage(MarginDto, 'Margins by site, kind and payer.')
  marginList(@Query() query: SliceQuery): Promise<Page<MarginDto>> {
    return this.margins.list(query);
  }

  @Get('margins/file')
  @Access('portfolio:margins')
  @ApiOperation({ summary: 'Take all contribution margins along as XLSX or CSV' })
  @ApiDownload(FILE, 'xlsx', 'csv')
  async marginFile(@Query() query: MarginFileQuery): Promise<StreamableFile> {
    return downloadTable(await this.margins.table(query), 'margins', query.format);
  }

  @Get('comparison')
  @Access('portfolio:read')
  @ApiOperation({ summary: 'Compare sites with each other' })
  @ApiOkResponse({ type: ComparisonDto, description: 'The sites side by side, ranked, and all together.' })
  comparison(@Query() query: ComparisonQuery): Promise<ComparisonDto> {
    return this.portfolio.comparison(query);
  }

  @Get('kpis')
  @Access('portfolio:read')
  @ApiOperation({ summary: 'See what contracts ask for beside what was reached' })
  @ApiPage(KpiDto, 'By contract and metric; targets are those of the last day of the span.')
  kpis(@Query() query: SliceQuery): Promise<Page<KpiDto>> {
    return this.portfolio.kpis(query);
  }

  @Get('street-reports')
  @Access('portfolio:read')
  @ApiOperation({ summary: "See a month's report to each street office" })
  @ApiPage(StreetDto, 'Streets in the order of their codes.')
  streetReports(@Query() query: StreetReportQuery): Promise<Page<StreetDto>> {
    return this.streets.list(query);
  }

  @Get('street-reports/file')
  @Access('portfolio:read')
  @ApiOperation({ summary: "Take a month's report to all street offices along as XLSX or CSV" })
  @ApiDownload(FILE, 'xlsx', 'csv')
  async streetFile(@Query() query: StreetFileQuery): Promise<StreamableFile> {
    const name = `streets-${this.streets.month(query)}`;
    return downloadTable(await this.streets.table(query), name, query.format);
  }
}
