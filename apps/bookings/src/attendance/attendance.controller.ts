import {
  Body,
  Controller,
  Get,
  HttpCode,
  Param,
  Post,
  Query,
  Res,
  type StreamableFile,
} from '@nestjs/common';
import { Access, ApiPage, downloadTable, type Page, PageQuery, UuidParam } from '@doorstep/platform';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { ChildCheckInDto, CorrectDayDto, DayRecordDto, CareRecordDto, RosterQuery } from './attendance.dto';
import { AttendanceRecords } from './attendance.service';
import { DayParam, MonthParam } from '../day.pipe';
import { AttendanceSheetDto, AttendanceSheetQuery } from './months.dto';
import { Months } from './months.service';
import { sheetTable } from './sheet.files';

const PLACEMENT = { name: 'id', description: 'The placement.', format: 'uuid' };
const GROUP = { name: 'id', description: 'The group.', format: 'uuid' };
const DAY = { name: 'day', description: 'The day, YYYY-MM-DD.', example: '2026-12-01' };
const MONTH = { name: 'month', description: 'The month, YYYY-MM.', example: '2026-12' };

@ApiTags('childcare attendance')
@Controller('v1')
export class AttendanceController {
  constructor(
    private readonly records: AttendanceRecords,
    private readonly months: Months,
  ) {}

  @Post('placements/:id/days/:day/check-in')
  @Access('care-attendance:record')
  @ApiOperation({ summary: 'Let a child in, or refuse it for what is found at the door' })
  @ApiParam(PLACEMENT)
  @ApiParam(DAY)
  @ApiCreatedResponse({ type: DayRecordDto, description: 'Checked in, or refused with the findings.' })
  checkIn(
    @Param('id', UuidParam) id: string,
    @Param('day', DayParam) day: string,
    @Body() body: ChildCheckInDto,
  ): Promise<DayRecordDto> {
    return this.records.checkIn(id, day, body);
  }

  @Post('placements/:id/days/:day/check-out')
  @HttpCode(200)
  @Access('care-attendance:record')
  @ApiOperation({ summary: 'A child is picked up' })
  @ApiParam(PLACEMENT)
  @ApiParam(DAY)
  @ApiOkResponse({ type: DayRecordDto, description: 'The day, with a late pick-up if it was one.' })
  checkOut(@Param('id', UuidParam) id: string, @Param('day', DayParam) day: string): Promise<DayRecordDto> {
    return this.records.checkOut(id, day);
  }

  @Post('placements/:id/days/:day/correction')
  @Access('care-attendance:correct')
  @ApiOperation({ summary: 'Correct a day; what was recorded before is kept' })
  @ApiParam(PLACEMENT)
  @ApiParam(DAY)
  @ApiCreatedResponse({ type: DayRecordDto, description: 'The day as it is now.' })
  correct(
    @Param('id', UuidParam) id: string,
    @Param('day', DayParam) day: string,
    @Body() body: CorrectDayDto,
  ): Promise<DayRecordDto> {
    return this.records.correct(id, day, body);
  }

  @Get('placements/:id/days/:day/records')
  @Access('care-attendance:record')
  @ApiOperation({ summary: 'See every record of a day, and what was found at the door' })
  @ApiParam(PLACEMENT)
  @ApiParam(DAY)
  @ApiPage(CareRecordDto, 'Records in the order in which they were made.')
  revisions(
    @Param('id', UuidParam) id: string,
    @Param('day', DayParam) day: string,
    @Query() query: PageQuery,
  ): Promise<Page<CareRecordDto>> {
    return this.records.revisions(id, day, query);
  }

  @Get('care-groups/:id/children')
  @Access('care-attendance:read')
  @ApiOperation({ summary: 'See which children are planned on a day, and who is there' })
  @ApiParam(GROUP)
  @ApiPage(DayRecordDto, 'The children of the day.')
  roster(@Param('id', UuidParam) id: string, @Query() query: RosterQuery): Promise<Page<DayRecordDto>> {
    return this.records.roster(id, query);
  }

  @Get('care-groups/:id/months/:month')
  @Access('care-attendance:read')
  @ApiOperation({ summary: "See a month's attendance sheet, as JSON or as a file" })
  @ApiParam(GROUP)
  @ApiParam(MONTH)
  @ApiOkResponse({
    type: AttendanceSheetDto,
    description: 'A line for each placement; with format=csv or xlsx a file.',
  })
  async sheet(
    @Param('id', UuidParam) id: string,
    @Param('month', MonthParam) month: string,
    @Query() { format, language }: AttendanceSheetQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AttendanceSheetDto | StreamableFile> {
    const sheet = await this.months.sheet(id, month);
    if (format === 'json') return sheet;
    void reply.header('cache-control', 'private, no-store');
    return downloadTable(sheetTable(sheet, language), `attendance-${month}`, format);
  }

  @Post('care-groups/:id/months/:month/close')
  @HttpCode(200)
  @Access('care-attendance:close')
  @ApiOperation({ summary: 'Close a month: its attendance is told to billing and takes corrections alone' })
  @ApiParam(GROUP)
  @ApiParam(MONTH)
  @ApiOkResponse({ type: AttendanceSheetDto, description: 'The closed sheet.' })
  close(
    @Param('id', UuidParam) id: string,
    @Param('month', MonthParam) month: string,
  ): Promise<AttendanceSheetDto> {
    return this.months.close(id, month);
  }
}
