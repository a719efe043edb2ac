import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Access, ApiPage, decodeCursor, type Page, page, PageQuery } from '@doorstep/platform';
import { samplesOf, TEMPLATES } from './catalogue';
import { TemplateView } from './templates.dto';

@ApiTags('templates')
@Controller('v1/templates')
export class TemplatesController {
  @Get()
  @Access('templates:read')
  @ApiOperation({ summary: 'List message templates with a sample of each' })
  @ApiPage(TemplateView, 'Templates by code.')
  list(@Query() { limit, cursor }: PageQuery): Page<TemplateView> {
    const after = String(decodeCursor(cursor, 1)?.[0] ?? '');
    const rest = TEMPLATES.toSorted((a, b) => (a.code < b.code ? -1 : 1)).filter(({ code }) => code > after);
    const views = rest.slice(0, limit + 1).map((template) => {
      const { code, eventType, about } = template;
      return { code, eventType, about, samples: samplesOf(template) };
    });
    return page(views, limit, ({ code }) => [code]);
  }
}
