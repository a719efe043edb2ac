import {
  applyDecorators,
  Body,
  Controller,
  Header,
  HttpCode,
  Param,
  Post,
  type StreamableFile,
} from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Access, ApiDownload, download, UuidParam } from '@doorstep/platform';
import { PrintDto, PrintStatementDto } from './papers.dto';
import { PapersService, type Printed } from './papers.service';

/** A PDF that may bear a name, so nobody on the way stores it. */
function Paper(summary: string): MethodDecorator {
  return applyDecorators(
    HttpCode(200),
    Access('invoices:print'),
    Header('cache-control', 'no-store'),
    ApiOperation({ summary, description: 'The name that is passed goes on the page and is kept nowhere.' }),
    ApiDownload('The paper.', 'pdf'),
  );
}

@ApiTags('papers')
@Controller('v1')
export class PapersController {
  constructor(private readonly papers: PapersService) {}

  @Post('invoices/:id/print')
  @Paper('Print an invoice')
  async invoice(@Param('id', UuidParam) id: string, @Body() body: PrintDto): Promise<StreamableFile> {
    return pdf(await this.papers.invoice(id, body));
  }

  @Post('credit-notes/:id/print')
  @Paper('Print a credit note')
  async creditNote(@Param('id', UuidParam) id: string, @Body() body: PrintDto): Promise<StreamableFile> {
    return pdf(await this.papers.creditNote(id, body));
  }

  @Post('receipts/:id/print')
  @Paper('Print a receipt')
  async receipt(@Param('id', UuidParam) id: string, @Body() body: PrintDto): Promise<StreamableFile> {
    return pdf(await this.papers.receipt(id, body));
  }

  @Post('statements/print')
  @Paper("Print a resident's statement of a month")
  async statement(@Body() body: PrintStatementDto): Promise<StreamableFile> {
    return pdf(await this.papers.statement(body));
  }
}

const pdf = ({ name, bytes }: Printed): StreamableFile => download(bytes, name, 'pdf');
