import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Access } from '@doorstep/platform';
import { AskQuoteDto, QuoteDto } from './quotes.dto';
import { QuotesService } from './quotes.service';

@ApiTags('quotes')
@Controller('v1/quotes')
export class QuotesController {
  constructor(private readonly quotes: QuotesService) {}

  @Post()
  @HttpCode(200)
  @Access('quotes:create')
  @ApiOperation({
    summary: 'Ask who would pay what',
    description:
      'By the same rules as a booking, as things stand now; nothing is reserved. Subsidies are for the resident: guests pay in full.',
  })
  @ApiOkResponse({ type: QuoteDto, description: 'The price and its parts.' })
  ask(@Body() body: AskQuoteDto): Promise<QuoteDto> {
    return this.quotes.quote(body);
  }
}
