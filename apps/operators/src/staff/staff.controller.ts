import { Body, Controller, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { Access, ApiPage, type Page, UuidParam } from '@doorstep/platform';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { ChangeStaffDto, EnterStaffDto, StaffDto, StaffQuery } from './staff.dto';
import { StaffService } from './staff.service';

const ID = { name: 'id', format: 'uuid', description: 'Id of the member of staff.' };

@ApiTags('staff')
@Controller('v1/staff')
export class StaffController {
  constructor(private readonly staff: StaffService) {}

  @Post()
  @Access('staff:write')
  @ApiOperation({ summary: 'Enter somebody who gives care at sites' })
  @ApiCreatedResponse({ type: StaffDto, description: 'Entered.' })
  enter(@Body() body: EnterStaffDto): Promise<StaffDto> {
    return this.staff.enter(body);
  }

  @Get()
  @Access('staff:read')
  @ApiOperation({ summary: 'List staff, by site and skill' })
  @ApiPage(StaffDto, 'Staff in the order of their entry.')
  list(@Query() query: StaffQuery): Promise<Page<StaffDto>> {
    return this.staff.list(query);
  }

  @Get(':id')
  @Access('staff:read')
  @ApiOperation({ summary: 'See one member of staff' })
  @ApiParam(ID)
  @ApiOkResponse({ type: StaffDto, description: 'The member of staff.' })
  find(@Param('id', UuidParam) id: string): Promise<StaffDto> {
    return this.staff.find(id);
  }

  @Patch(':id')
  @Access('staff:write')
  @ApiOperation({ summary: 'Change what somebody can do, where they work, or that they have left' })
  @ApiParam(ID)
  @ApiOkResponse({ type: StaffDto, description: 'The member of staff after the change.' })
  change(@Param('id', UuidParam) id: string, @Body() body: ChangeStaffDto): Promise<StaffDto> {
    return this.staff.change(id, body);
  }
}
