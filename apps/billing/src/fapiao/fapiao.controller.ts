import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Access, ApiPage, UuidParam, type Page } from '@doorstep/platform';
import {
  FapiaoDto,
  FapiaoExcessDto,
  FapiaoExcessesQuery,
  FapiaoIssuedDto,
  FapiaoQuery,
  FapiaoRejectedDto,
  RequestFapiaoDto,
  ReverseFapiaoDto,
} from './fapiao.dto';
import { FapiaoService } from './fapiao.service';

@ApiTags('fapiao')
@Controller('v1/fapiao')
export class FapiaoController {
  constructor(private readonly fapiao: FapiaoService) {}

  @Post()
  @Access('fapiao:write')
  @ApiOperation({
    summary: 'Ask for the fapiao of an invoice',
    description: "Over the resident's self-paid part.",
  })
  @ApiCreatedResponse({ type: FapiaoDto, description: 'The request; the tax platform answers it.' })
  request(@Body() body: RequestFapiaoDto): Promise<FapiaoDto> {
    return this.fapiao.request(body);
  }

  @Get()
  @Access('fapiao:read')
  @ApiOperation({ summary: 'List fapiao' })
  @ApiPage(FapiaoDto)
  list(@Query() query: FapiaoQuery): Promise<Page<FapiaoDto>> {
    return this.fapiao.list(query);
  }

  @Get('excesses')
  @Access('fapiao:read')
  @ApiOperation({
    summary: 'List invoices whose fapiao says more than is left of them',
    description:
      'Credit notes and corrections came after it was issued. A red one takes the excess back: POST /v1/fapiao/{id}/reverse.',
  })
  @ApiPage(FapiaoExcessDto)
  excesses(@Query() query: FapiaoExcessesQuery): Promise<Page<FapiaoExcessDto>> {
    return this.fapiao.excesses(query);
  }

  @Get(':id')
  @Access('fapiao:read')
  @ApiOperation({ summary: 'See a fapiao' })
  @ApiOkResponse({ type: FapiaoDto, description: 'The fapiao.' })
  find(@Param('id', UuidParam) id: string): Promise<FapiaoDto> {
    return this.fapiao.find(id);
  }

  @Post(':id/reverse')
  @Access('fapiao:write')
  @ApiOperation({ summary: 'Ask for a red fapiao that takes a blue one back, whole or in part' })
  @ApiCreatedResponse({ type: FapiaoDto, description: 'The red one.' })
  reverse(@Param('id', UuidParam) id: string, @Body() body: ReverseFapiaoDto): Promise<FapiaoDto> {
    return this.fapiao.reverse(id, body);
  }

  @Post(':id/issued')
  @HttpCode(200)
  @Access('fapiao:write')
  @ApiOperation({ summary: 'Enter the number that the tax platform gave' })
  @ApiOkResponse({ type: FapiaoDto, description: 'The issued fapiao.' })
  issued(@Param('id', UuidParam) id: string, @Body() body: FapiaoIssuedDto): Promise<FapiaoDto> {
    return this.fapiao.issued(id, body);
  }

  @Post(':id/rejected')
  @HttpCode(200)
  @Access('fapiao:write')
  @ApiOperation({ summary: 'Enter that the tax platform refused it' })
  @ApiOkResponse({ type: FapiaoDto, description: 'The rejected fapiao.' })
  rejected(@Param('id', UuidParam) id: string, @Body() body: FapiaoRejectedDto): Promise<FapiaoDto> {
    return this.fapiao.rejected(id, body.reason);
  }
}
