import { Body, Controller, Param, Put } from '@nestjs/common';
import { Access, LocationDto, UuidParam } from '@doorstep/platform';
import { ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { HomeDto } from './homes.dto';
import { Homes } from './homes.service';

@ApiTags('residents')
@Controller('v1/residents/:id/home')
export class HomesController {
  constructor(private readonly homes: Homes) {}

  @Put()
  @Access('residents:update')
  @ApiOperation({
    summary: "Note where a resident's home is, for visits and deliveries",
    description:
      "The point is sealed under the resident's own key and used for the fence at the door alone; ways are planned on a " +
      'grid of some kilometre.',
  })
  @ApiParam({ name: 'id', description: 'The resident.', format: 'uuid' })
  @ApiOkResponse({ type: HomeDto, description: 'Noted.' })
  put(@Param('id', UuidParam) id: string, @Body() body: LocationDto): Promise<HomeDto> {
    return this.homes.put(id, body);
  }
}
