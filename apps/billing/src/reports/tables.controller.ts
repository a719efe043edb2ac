import {
  Controller,
  Get,
  Injectable,
  Param,
  type PipeTransform,
  Query,
  type StreamableFile,
} from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { notFound } from '@doorstep/kernel';
import { Access, ApiDownload, download } from '@doorstep/platform';
import { TABLE_NAMES, type TableName } from './tables';
import { FILE_FORMATS, ReportFileQuery, ReportQuery, ReportTableDto } from './tables.dto';
import { TablesService } from './tables.service';

const NAME = { name: 'report', enum: [...TABLE_NAMES], description: 'Which report.' };

@Injectable()
class TableNamePipe implements PipeTransform<string, TableName> {
  transform(name: string): TableName {
    const known = TABLE_NAMES.find((each) => each === name);
    if (known) return known;
    throw notFound('report', name.slice(0, 60));
  }
}

@ApiTags('reports')
@Controller('v1/reports/tables')
export class TablesController {
  constructor(private readonly tables: TablesService) {}

  @Get(':report')
  @Access('reports:read')
  @ApiOperation({
    summary: 'Read a report of a month',
    description:
      'Four-way ties by contract, site, day and funder; the reconciliation statement; subsidies against their budgets; residents’ shares; the operator’s settlement statement; what is still to be paid; inputs of margins.',
  })
  @ApiParam(NAME)
  @ApiOkResponse({ type: ReportTableDto, description: 'The report; amounts in fen.' })
  table(
    @Param('report', TableNamePipe) report: TableName,
    @Query() query: ReportQuery,
  ): Promise<ReportTableDto> {
    return this.tables.table(report, query);
  }

  @Get(':report/file')
  @Access('reports:read')
  @ApiOperation({
    summary: 'Download a report as CSV, XLSX or PDF',
    description: 'For people: amounts in yuan, words for codes. Programs read the report as JSON.',
  })
  @ApiParam(NAME)
  @ApiDownload('The file.', ...FILE_FORMATS)
  async file(
    @Param('report', TableNamePipe) report: TableName,
    @Query() query: ReportFileQuery,
  ): Promise<StreamableFile> {
    return download(await this.tables.file(report, query), `${report}-${query.period}`, query.format);
  }
}
