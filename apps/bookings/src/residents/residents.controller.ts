import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Param,
  ParseEnumPipe,
  Patch,
  Post,
  Query,
} from '@nestjs/common';
import {
  Access,
  ApiPage,
  currentActor,
  mayDo,
  notAllowed,
  type Page,
  PageQuery,
  UuidParam,
} from '@doorstep/platform';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { Consents } from './consents.service';
import { Privacy } from './privacy.service';
import { CONSENT_PURPOSES, type ConsentPurpose } from './resident';
import {
  ChangeResidentDto,
  GiveConsentDto,
  LookUpResidentDto,
  RegisterResidentDto,
  ResidentsQuery,
  ResidentViewQuery,
} from './residents.dto';
import { Residents } from './residents.service';
import { AccessDto, FoundResidentsDto, ResidentDto, ResidentExportDto } from './residents.view.dto';

const ID = { name: 'id', description: 'The resident.', format: 'uuid' };
const PURPOSES = Object.fromEntries(CONSENT_PURPOSES.map((purpose) => [purpose, purpose]));

@ApiTags('residents')
@Controller('v1/residents')
export class ResidentsController {
  constructor(
    private readonly residents: Residents,
    private readonly consents: Consents,
    private readonly privacy: Privacy,
  ) {}

  @Post()
  @Access('residents:create')
  @ApiOperation({ summary: 'Register a resident with attributes and consents' })
  @ApiCreatedResponse({ type: ResidentDto, description: 'The resident, masked.' })
  async register(@Body() body: RegisterResidentDto): Promise<ResidentDto> {
    return this.residents.find(await this.residents.register(body));
  }

  @Get()
  @Access('residents:read')
  @ApiOperation({ summary: 'List residents, masked' })
  @ApiPage(ResidentDto, 'Residents in the order in which they were registered.')
  list(@Query() query: ResidentsQuery): Promise<Page<ResidentDto>> {
    return this.residents.list(query);
  }

  @Post('look-up')
  @HttpCode(200)
  @Access('residents:read')
  @ApiOperation({ summary: 'Find residents by mobile or citizen number' })
  @ApiOkResponse({
    type: FoundResidentsDto,
    description: 'Residents who match, masked; none is an empty list.',
  })
  async lookUp(@Body() body: LookUpResidentDto): Promise<FoundResidentsDto> {
    return { items: await this.residents.lookUp(body) };
  }

  @Get(':id')
  @Access('residents:read')
  @ApiOperation({ summary: 'See one resident, masked or in full' })
  @ApiParam(ID)
  @ApiOkResponse({ type: ResidentDto, description: 'The resident.' })
  find(@Param('id', UuidParam) id: string, @Query() { view }: ResidentViewQuery): Promise<ResidentDto> {
    if (view === 'masked') return this.residents.find(id);
    if (!mayDo(currentActor(), 'residents:read-full')) throw notAllowed('residents:read-full');
    return this.privacy.fullView(id);
  }

  @Patch(':id')
  @Access('residents:update')
  @ApiOperation({ summary: "Change a resident's data or attributes" })
  @ApiParam(ID)
  @ApiOkResponse({ type: ResidentDto, description: 'The resident after the change, masked.' })
  async change(@Param('id', UuidParam) id: string, @Body() body: ChangeResidentDto): Promise<ResidentDto> {
    await this.residents.change(id, body);
    return this.residents.find(id);
  }

  @Post(':id/consents')
  @Access('residents:update')
  @ApiOperation({ summary: 'Record a consent' })
  @ApiParam(ID)
  @ApiCreatedResponse({ type: ResidentDto, description: 'The resident with the consents that stand.' })
  async give(@Param('id', UuidParam) id: string, @Body() body: GiveConsentDto): Promise<ResidentDto> {
    await this.consents.give(id, body);
    return this.residents.find(id);
  }

  @Delete(':id/consents/:purpose')
  @Access('residents:update')
  @ApiOperation({ summary: 'Withdraw a consent' })
  @ApiParam(ID)
  @ApiParam({ name: 'purpose', description: 'Which consent.', enum: CONSENT_PURPOSES })
  @ApiOkResponse({ type: ResidentDto, description: 'The resident with the consents that stand.' })
  async withdraw(
    @Param('id', UuidParam) id: string,
    @Param('purpose', new ParseEnumPipe(PURPOSES)) purpose: ConsentPurpose,
  ): Promise<ResidentDto> {
    await this.consents.withdraw(id, purpose);
    return this.residents.find(id);
  }

  @Get(':id/export')
  @Access('residents:export')
  @ApiOperation({ summary: 'Export all that is held about a resident; logged' })
  @ApiParam(ID)
  @ApiOkResponse({ type: ResidentExportDto, description: 'Everything, unmasked.' })
  export(@Param('id', UuidParam) id: string): Promise<ResidentExportDto> {
    return this.privacy.export(id);
  }

  @Post(':id/erase')
  @HttpCode(200)
  @Access('residents:erase')
  @ApiOperation({ summary: 'Erase a resident by destroying their key; bookings keep the pseudonym' })
  @ApiParam(ID)
  @ApiOkResponse({ type: ResidentDto, description: 'What is left.' })
  async erase(@Param('id', UuidParam) id: string): Promise<ResidentDto> {
    await this.privacy.erase(id);
    return this.residents.find(id);
  }

  @Get(':id/accesses')
  @Access('residents:access-log')
  @ApiOperation({ summary: 'List who saw a resident unmasked' })
  @ApiParam(ID)
  @ApiPage(AccessDto, 'Accesses, oldest first.')
  accesses(@Param('id', UuidParam) id: string, @Query() query: PageQuery): Promise<Page<AccessDto>> {
    return this.privacy.accesses(id, query);
  }
}
