import {
  Body,
  Controller,
  Get,
  Header,
  HttpCode,
  Param,
  Post,
  Query,
  type StreamableFile,
} from '@nestjs/common';
import { DOCUMENT_TYPES } from '@doorstep/kernel';
import { Access, ApiPage, type Page, PageQuery, UuidParam } from '@doorstep/platform';
import {
  ApiCreatedResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiProduces,
  ApiTags,
} from '@nestjs/swagger';
import { TouchedBookingDto } from '../bookings/touched-booking.dto';
import { TouchedPlacementDto } from '../bookings/touched-placement.dto';
import { asAttachment } from '../shared/attachment.http';
import {
  AddEvidenceDto,
  FindingDto,
  FindingsQuery,
  RectifyDto,
  ReinspectDto,
  SuspendedSiteDto,
} from './findings.dto';
import { FindingsService } from './findings.service';
import { ReasonDto } from './inspections.dto';

const ID = { name: 'id', format: 'uuid', description: "The finding's id." };

@ApiTags('inspections')
@Controller('v1/findings')
export class FindingsController {
  constructor(private readonly findings: FindingsService) {}

  @Get()
  @Access('inspections:read')
  @ApiOperation({ summary: 'List findings, by site, severity and time left' })
  @ApiPage(FindingDto, 'Findings in the order in which they were raised.')
  list(@Query() query: FindingsQuery): Promise<Page<FindingDto>> {
    return this.findings.list(query);
  }

  @Get(':id')
  @Access('inspections:read')
  @ApiOperation({ summary: 'See one finding with its evidence' })
  @ApiParam(ID)
  @ApiOkResponse({ type: FindingDto, description: 'The finding.' })
  find(@Param('id', UuidParam) id: string): Promise<FindingDto> {
    return this.findings.find(id);
  }

  @Post(':id/evidence')
  @Access('inspections:write')
  @ApiOperation({ summary: 'Add a picture or paper to a finding' })
  @ApiParam(ID)
  @ApiCreatedResponse({ type: FindingDto, description: 'The finding with its evidence.' })
  addEvidence(@Param('id', UuidParam) id: string, @Body() { document }: AddEvidenceDto): Promise<FindingDto> {
    return this.findings.addEvidence(id, document);
  }

  @Get(':id/evidence/:evidenceId')
  @Access('inspections:read')
  @Header('x-content-type-options', 'nosniff')
  @ApiOperation({ summary: 'Fetch a picture or paper of a finding' })
  @ApiParam(ID)
  @ApiParam({ name: 'evidenceId', format: 'uuid', description: "The file's id." })
  @ApiProduces(...DOCUMENT_TYPES)
  @ApiOkResponse({ description: 'The file.', schema: { type: 'string', format: 'binary' } })
  async evidence(
    @Param('id', UuidParam) id: string,
    @Param('evidenceId', UuidParam) evidenceId: string,
  ): Promise<StreamableFile> {
    return asAttachment(await this.findings.evidence(id, evidenceId));
  }

  @Post(':id/rectify')
  @HttpCode(200)
  @Access('findings:rectify')
  @ApiOperation({ summary: 'Say that a finding is put right; somebody inspects again before it is over' })
  @ApiParam(ID)
  @ApiOkResponse({ type: FindingDto, description: 'Rectified.' })
  rectify(@Param('id', UuidParam) id: string, @Body() body: RectifyDto): Promise<FindingDto> {
    return this.findings.rectify(id, body);
  }

  @Post(':id/reinspections')
  @Access('findings:judge')
  @ApiOperation({ summary: 'Inspect again: over, or open with a new deadline' })
  @ApiParam(ID)
  @ApiCreatedResponse({
    type: FindingDto,
    description: 'The finding; what it suspended goes on when it is over.',
  })
  reinspect(@Param('id', UuidParam) id: string, @Body() body: ReinspectDto): Promise<FindingDto> {
    return this.findings.reinspect(id, body);
  }

  @Post(':id/withdraw')
  @HttpCode(200)
  @Access('findings:judge')
  @ApiOperation({ summary: 'Take a finding back that should not have been raised' })
  @ApiParam(ID)
  @ApiOkResponse({ type: FindingDto, description: 'Withdrawn.' })
  withdraw(@Param('id', UuidParam) id: string, @Body() { reason }: ReasonDto): Promise<FindingDto> {
    return this.findings.withdraw(id, reason);
  }

  @Get(':id/bookings')
  @Access('inspections:read')
  @ApiOperation({ summary: 'List bookings still to come of what the finding concerns' })
  @ApiParam(ID)
  @ApiPage(TouchedBookingDto, 'Bookings by their start.')
  bookings(@Param('id', UuidParam) id: string, @Query() query: PageQuery): Promise<Page<TouchedBookingDto>> {
    return this.findings.bookings(id, query);
  }

  @Get(':id/placements')
  @Access('inspections:read')
  @ApiOperation({ summary: "List children's places with days to come of what the finding concerns" })
  @ApiParam(ID)
  @ApiPage(TouchedPlacementDto, 'Places by the first day that is touched.')
  placements(
    @Param('id', UuidParam) id: string,
    @Query() query: PageQuery,
  ): Promise<Page<TouchedPlacementDto>> {
    return this.findings.placements(id, query);
  }
}

@ApiTags('inspections')
@Controller('v1/site-suspensions')
export class SuspensionsController {
  constructor(private readonly findings: FindingsService) {}

  @Get()
  @Access('inspections:read')
  @ApiOperation({ summary: 'List sites where a severe finding keeps something from being booked' })
  @ApiPage(SuspendedSiteDto, 'Sites with what takes no new bookings there.')
  list(@Query() query: PageQuery): Promise<Page<SuspendedSiteDto>> {
    return this.findings.suspended(query);
  }
}
