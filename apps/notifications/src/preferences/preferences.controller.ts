import { Body, Controller, Get, Put, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Access, ApiPage, type Page } from '@doorstep/platform';
import { Preference, PreferenceQuery, SetPreference } from './preferences.dto';
import { PreferencesService } from './preferences.service';

@ApiTags('preferences')
@Controller('v1/preferences')
export class PreferencesController {
  constructor(private readonly preferences: PreferencesService) {}

  @Put()
  @Access('preferences:write')
  @ApiOperation({ summary: 'Set how a resident wants to hear from the operator' })
  @ApiOkResponse({ type: Preference, description: 'The preference as it is now.' })
  set(@Body() body: SetPreference): Promise<Preference> {
    return this.preferences.set(body);
  }

  @Get()
  @Access('preferences:read')
  @ApiOperation({ summary: 'List message preferences' })
  @ApiPage(Preference, 'Preferences that were set; without one the defaults hold: enabled, no quiet hours.')
  list(@Query() query: PreferenceQuery): Promise<Page<Preference>> {
    return this.preferences.list(query);
  }
}
