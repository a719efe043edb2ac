import { Body, Controller, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { Access, ApiPage, type Page, UuidParam } from '@doorstep/platform';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import {
  AnswerComplaintDto,
  AssignComplaintDto,
  ComplaintDto,
  ComplaintsQuery,
  OpenComplaintDto,
  ReopenComplaintDto,
} from './complaints.dto';
import { ComplaintsService } from './complaints.service';

const ID = { name: 'id', format: 'uuid', description: "The complaint's id." };

@ApiTags('complaints')
@Controller('v1/complaints')
export class ComplaintsController {
  constructor(private readonly complaints: ComplaintsService) {}

  @Post()
  @Access('complaints:create')
  @ApiOperation({ summary: 'Enter a complaint about a site or a booking there' })
  @ApiCreatedResponse({ type: ComplaintDto, description: 'Entered, with its deadline.' })
  open(@Body() body: OpenComplaintDto): Promise<ComplaintDto> {
    return this.complaints.open(body);
  }

  @Get()
  @Access('complaints:read')
  @ApiOperation({ summary: 'List complaints, by site, owner and time left' })
  @ApiPage(ComplaintDto, 'Complaints in the order of their entry.')
  list(@Query() query: ComplaintsQuery): Promise<Page<ComplaintDto>> {
    return this.complaints.list(query);
  }

  @Get(':id')
  @Access('complaints:read')
  @ApiOperation({ summary: 'See one complaint' })
  @ApiParam(ID)
  @ApiOkResponse({ type: ComplaintDto, description: 'The complaint.' })
  find(@Param('id', UuidParam) id: string): Promise<ComplaintDto> {
    return this.complaints.find(id);
  }

  @Patch(':id')
  @Access('complaints:write')
  @ApiOperation({ summary: 'Give a complaint to somebody, weigh it anew, or grant more time' })
  @ApiParam(ID)
  @ApiOkResponse({ type: ComplaintDto, description: 'The complaint after the change.' })
  assign(@Param('id', UuidParam) id: string, @Body() body: AssignComplaintDto): Promise<ComplaintDto> {
    return this.complaints.assign(id, body);
  }

  @Post(':id/answer')
  @HttpCode(200)
  @Access('complaints:write')
  @ApiOperation({ summary: 'Answer a complaint' })
  @ApiParam(ID)
  @ApiOkResponse({ type: ComplaintDto, description: 'Answered.' })
  answer(@Param('id', UuidParam) id: string, @Body() body: AnswerComplaintDto): Promise<ComplaintDto> {
    return this.complaints.answer(id, body);
  }

  @Post(':id/close')
  @HttpCode(200)
  @Access('complaints:write')
  @ApiOperation({ summary: 'Close a complaint that has been answered' })
  @ApiParam(ID)
  @ApiOkResponse({ type: ComplaintDto, description: 'Closed.' })
  close(@Param('id', UuidParam) id: string): Promise<ComplaintDto> {
    return this.complaints.close(id);
  }

  @Post(':id/reopen')
  @HttpCode(200)
  @Access('complaints:create')
  @ApiOperation({ summary: 'Open a complaint again because the answer did not do' })
  @ApiParam(ID)
  @ApiOkResponse({ type: ComplaintDto, description: 'Open, with a new deadline.' })
  reopen(@Param('id', UuidParam) id: string, @Body() { reason }: ReopenComplaintDto): Promise<ComplaintDto> {
    return this.complaints.reopen(id, reason);
  }
}
