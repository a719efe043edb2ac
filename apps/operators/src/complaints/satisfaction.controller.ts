import { Body, Controller, Get, Post, Query } from '@nestjs/common';
import { Access, ApiPage, type Page } from '@doorstep/platform';
import { ApiCreatedResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { QualityFiguresDto, QualityFiguresQuery, RateServiceDto, ServiceRatingDto } from './satisfaction.dto';
import { SatisfactionService } from './satisfaction.service';

@ApiTags('complaints')
@Controller('v1/satisfaction')
export class SatisfactionController {
  constructor(private readonly satisfaction: SatisfactionService) {}

  @Post()
  @Access('satisfaction:create')
  @ApiOperation({ summary: 'Rate a delivered booking with one to five stars, once' })
  @ApiCreatedResponse({ type: ServiceRatingDto, description: 'Rated.' })
  rate(@Body() body: RateServiceDto): Promise<ServiceRatingDto> {
    return this.satisfaction.rate(body);
  }

  @Get()
  @Access('satisfaction:read')
  @ApiOperation({ summary: "See sites' ratings and complaints by month" })
  @ApiPage(QualityFiguresDto, 'Figures by site and month.')
  figures(@Query() query: QualityFiguresQuery): Promise<Page<QualityFiguresDto>> {
    return this.satisfaction.figures(query);
  }
}
