import { Body, Controller, Get, Param, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Access } from '@doorstep/platform';
import { InstalledPackDto, InstallPackDto, PackDto } from './packs.dto';
import { PacksService } from './packs.service';

@ApiTags('programmes')
@Controller('v1/programme-packs')
export class PacksController {
  constructor(private readonly packs: PacksService) {}

  @Get()
  @Access('programmes:read')
  @ApiOperation({ summary: "See cities' programmes that can be set up by one call, with their sources" })
  @ApiOkResponse({ type: [PackDto], description: 'The packs.' })
  list(): PackDto[] {
    return this.packs.list();
  }

  @Post(':code/install')
  @Access('programmes:write')
  @ApiOperation({
    summary: "Set up a city's programmes",
    description: 'For the funders that are named; a funder for itself. What is there already stays as it is.',
  })
  @ApiCreatedResponse({ type: InstalledPackDto, description: 'What was set up.' })
  install(@Param('code') code: string, @Body() body: InstallPackDto): Promise<InstalledPackDto> {
    return this.packs.install(code, body);
  }
}
