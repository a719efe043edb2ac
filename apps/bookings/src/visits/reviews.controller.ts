import { Body, Controller, Get, Header, HttpCode, Param, Post, Query, StreamableFile } from '@nestjs/common';
import { DOCUMENT_TYPES } from '@doorstep/kernel';
import { Access, ApiPage, type Page, UuidParam } from '@doorstep/platform';
import { ApiOkResponse, ApiOperation, ApiParam, ApiProduces, ApiTags } from '@nestjs/swagger';
import { Evidence } from './evidence.service';
import { Reviews } from './reviews.service';
import { DecideDto, VisitDto, VisitsQuery } from './visits.dto';

const ID = { name: 'id', description: 'The booking of the visit.', format: 'uuid' };

@ApiTags('visits')
@Controller('v1/visits')
export class ReviewsController {
  constructor(
    private readonly reviews: Reviews,
    private readonly evidence: Evidence,
  ) {}

  @Get()
  @Access('visits:read')
  @ApiOperation({ summary: 'List visits, by state, site or carer; status=on_review is the queue of reviews' })
  @ApiPage(VisitDto, 'Visits in the order in which they were booked.')
  list(@Query() query: VisitsQuery): Promise<Page<VisitDto>> {
    return this.reviews.list(query);
  }

  @Get(':id')
  @Access('visits:read')
  @ApiOperation({ summary: 'See one visit: how it was proved, and what is odd about it' })
  @ApiParam(ID)
  @ApiOkResponse({ type: VisitDto, description: 'The visit.' })
  find(@Param('id', UuidParam) id: string): Promise<VisitDto> {
    return this.reviews.find(id);
  }

  @Post(':id/decision')
  @HttpCode(200)
  @Access('visits:review')
  @ApiOperation({ summary: 'Decide on a visit that is on review; not on one of your own' })
  @ApiParam(ID)
  @ApiOkResponse({ type: VisitDto, description: 'Approved: delivered. Rejected: nobody is charged.' })
  decide(@Param('id', UuidParam) id: string, @Body() body: DecideDto): Promise<VisitDto> {
    return this.reviews.decide(id, body);
  }

  @Get(':id/evidence/:evidenceId')
  @Access('visits:review')
  @Header('x-content-type-options', 'nosniff')
  @ApiOperation({ summary: 'Fetch a photo or a signature of a visit' })
  @ApiParam(ID)
  @ApiParam({ name: 'evidenceId', description: 'The file.', format: 'uuid' })
  @ApiProduces(...DOCUMENT_TYPES)
  @ApiOkResponse({ description: 'The file.', schema: { type: 'string', format: 'binary' } })
  async file(
    @Param('id', UuidParam) id: string,
    @Param('evidenceId', UuidParam) evidenceId: string,
  ): Promise<StreamableFile> {
    const { name, contentType, content } = await this.evidence.file(id, evidenceId);
    const disposition = `attachment; filename*=UTF-8''${encodeURIComponent(name)}`;
    return new StreamableFile(content, { type: contentType, disposition, length: content.length });
  }
}
