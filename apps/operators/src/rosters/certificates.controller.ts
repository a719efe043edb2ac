import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { Access, ApiPage, type Page, PageQuery, UuidParam } from '@doorstep/platform';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { EndRuleDto } from '../shared/regional-rules.dto';
import {
  CertificateDto,
  CertificatesQuery,
  EnterCertificateDto,
  RequireSkillDto,
  RevokeCertificateDto,
  SkillRequirementDto,
} from './certificates.dto';
import { CertificatesService } from './certificates.service';
import { SkillRequirementsService } from './skill-requirements.service';

@ApiTags('staff')
@Controller('v1/certificates')
export class CertificatesController {
  constructor(private readonly certificates: CertificatesService) {}

  @Post()
  @Access('staff:write')
  @ApiOperation({
    summary: 'Enter a certificate of somebody on the staff; a renewal is entered like the first',
  })
  @ApiCreatedResponse({ type: CertificateDto, description: 'Entered.' })
  enter(@Body() body: EnterCertificateDto): Promise<CertificateDto> {
    return this.certificates.enter(body);
  }

  @Get()
  @Access('staff:read')
  @ApiOperation({ summary: 'List certificates of staff, by person and time left' })
  @ApiPage(CertificateDto, 'Certificates in the order of their entry.')
  list(@Query() query: CertificatesQuery): Promise<Page<CertificateDto>> {
    return this.certificates.list(query);
  }

  @Post(':id/revoke')
  @HttpCode(200)
  @Access('staff:write')
  @ApiOperation({ summary: 'Note that a certificate was taken away; skills that need it go with it' })
  @ApiParam({ name: 'id', format: 'uuid', description: "The certificate's id." })
  @ApiOkResponse({ type: CertificateDto, description: 'Revoked.' })
  revoke(@Param('id', UuidParam) id: string, @Body() body: RevokeCertificateDto): Promise<CertificateDto> {
    return this.certificates.revoke(id, body);
  }
}

@ApiTags('staff')
@Controller('v1/skill-requirements')
export class SkillRequirementsController {
  constructor(private readonly requirements: SkillRequirementsService) {}

  @Post()
  @Access('skill-requirements:write')
  @ApiOperation({ summary: 'Ask for a certificate for a skill, in a region, from a day on' })
  @ApiCreatedResponse({
    type: SkillRequirementDto,
    description: 'Asked for; staff are judged anew within a minute.',
  })
  require(@Body() body: RequireSkillDto): Promise<SkillRequirementDto> {
    return this.requirements.require(body);
  }

  @Get()
  @Access('skill-requirements:read')
  @ApiOperation({ summary: 'List which skill needs which certificate' })
  @ApiPage(SkillRequirementDto, 'Requirements in the order of their entry.')
  list(@Query() query: PageQuery): Promise<Page<SkillRequirementDto>> {
    return this.requirements.list(query);
  }

  @Post(':id/end')
  @HttpCode(200)
  @Access('skill-requirements:write')
  @ApiOperation({ summary: 'Ask for it no longer from a day on' })
  @ApiParam({ name: 'id', format: 'uuid', description: "The requirement's id." })
  @ApiOkResponse({ type: SkillRequirementDto, description: 'The requirement with its end.' })
  end(@Param('id', UuidParam) id: string, @Body() body: EndRuleDto): Promise<SkillRequirementDto> {
    return this.requirements.end(id, body);
  }
}
