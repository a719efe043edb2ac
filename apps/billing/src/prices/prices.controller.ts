import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Access, ApiPage, UuidParam, type Page } from '@doorstep/platform';
import { EndPriceDto, PriceDto, PricesQuery, SetPriceDto } from './prices.dto';
import { PricesService } from './prices.service';

@ApiTags('prices')
@Controller('v1/prices')
export class PricesController {
  constructor(private readonly prices: PricesService) {}

  @Post()
  @Access('prices:write')
  @ApiOperation({
    summary: 'Set a price',
    description:
      "Refused above the contract's ceiling, and where another price holds for the same on some of the days.",
  })
  @ApiCreatedResponse({ type: PriceDto, description: 'The price.' })
  set(@Body() body: SetPriceDto): Promise<PriceDto> {
    return this.prices.set(body);
  }

  @Get()
  @Access('prices:read')
  @ApiOperation({ summary: 'List prices' })
  @ApiPage(PriceDto)
  list(@Query() query: PricesQuery): Promise<Page<PriceDto>> {
    return this.prices.list(query);
  }

  @Get(':id')
  @Access('prices:read')
  @ApiOperation({ summary: 'See a price' })
  @ApiOkResponse({ type: PriceDto, description: 'The price.' })
  find(@Param('id', UuidParam) id: string): Promise<PriceDto> {
    return this.prices.find(id);
  }

  @Post(':id/withdraw')
  @HttpCode(200)
  @Access('prices:write')
  @ApiOperation({
    summary: 'Withdraw a price that was wrong from its first day',
    description:
      'Another may be set for its days. Charges that were captured with it keep it until they are rated again: POST /v1/re-ratings.',
  })
  @ApiOkResponse({ type: PriceDto, description: 'The withdrawn price.' })
  withdraw(@Param('id', UuidParam) id: string): Promise<PriceDto> {
    return this.prices.withdraw(id);
  }

  @Post(':id/end')
  @HttpCode(200)
  @Access('prices:write')
  @ApiOperation({ summary: 'End a price', description: 'Charges that were authorised with it keep it.' })
  @ApiOkResponse({ type: PriceDto, description: 'The price with its end.' })
  end(@Param('id', UuidParam) id: string, @Body() body: EndPriceDto): Promise<PriceDto> {
    return this.prices.end(id, body);
  }
}
