import { Body, Controller, Get, Post, Query } from '@nestjs/common';
import { Access, ApiPage, type Page } from '@doorstep/platform';
import { ApiCreatedResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { KindDto, KindsQuery, SetKindDto } from './kinds.dto';
import { KindsService } from './kinds.service';

@ApiTags('kinds')
@Controller('v1/kinds')
export class KindsController {
  constructor(private readonly kinds: KindsService) {}

  @Get()
  @Access('kinds:read')
  @ApiOperation({ summary: 'List the kinds of service' })
  @ApiPage(KindDto, 'Kinds in the order in which they are usually listed.')
  list(@Query() query: KindsQuery): Promise<Page<KindDto>> {
    return this.kinds.list(query);
  }

  @Post()
  @Access('kinds:write')
  @ApiOperation({
    summary: "Add or change a kind: the country's by an administrator, a region's own by its authority",
  })
  @ApiCreatedResponse({ type: KindDto, description: 'The kind as it is now.' })
  set(@Body() body: SetKindDto): Promise<KindDto> {
    return this.kinds.set(body);
  }
}
