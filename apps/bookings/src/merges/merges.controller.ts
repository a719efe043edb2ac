import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { Access, ApiPage, type Page, UuidParam } from '@doorstep/platform';
import {
  ApiConflictResponse,
  ApiCreatedResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiTags,
} from '@nestjs/swagger';
import { Residents } from '../residents/residents.service';
import { ResidentDto } from '../residents/residents.view.dto';
import { Duplicates } from './duplicates.service';
import {
  DismissDto,
  DismissedDto,
  DuplicateDto,
  DuplicatesQuery,
  MergeDto,
  MergePreviewDto,
  MergePreviewQuery,
} from './merges.dto';
import { Merges } from './merges.service';

const SURVIVOR = { name: 'id', description: 'The record that stays.', format: 'uuid' };

@ApiTags('residents')
@Controller('v1')
export class MergesController {
  constructor(
    private readonly duplicates: Duplicates,
    private readonly merges: Merges,
    private readonly residents: Residents,
  ) {}

  @Get('resident-duplicates')
  @Access('residents:merge')
  @ApiOperation({
    summary: 'List residents who may be registered twice, masked, with reasons',
    description:
      'A citizen number is registered once; these have the same mobile number or name, and the same birth date.',
  })
  @ApiPage(DuplicateDto, 'Pairs in the order in which their first was registered.')
  list(@Query() query: DuplicatesQuery): Promise<Page<DuplicateDto>> {
    return this.duplicates.list(query);
  }

  @Post('resident-duplicates/dismissals')
  @Access('residents:merge')
  @ApiOperation({ summary: 'Say that two residents are not the same person; it is remembered' })
  @ApiCreatedResponse({ type: DismissedDto, description: 'Two people.' })
  dismiss(@Body() body: DismissDto): Promise<DismissedDto> {
    return this.duplicates.dismiss(body);
  }

  @Delete('resident-duplicates/dismissals/:residentId/:otherId')
  @Access('residents:merge')
  @ApiOperation({ summary: 'Take that back' })
  @ApiParam({ name: 'residentId', description: 'One of the two.', format: 'uuid' })
  @ApiParam({ name: 'otherId', description: 'The other one.', format: 'uuid' })
  @ApiOkResponse({ type: DismissedDto, description: 'Candidates again, if they look alike.' })
  takeBack(
    @Param('residentId', UuidParam) residentId: string,
    @Param('otherId', UuidParam) otherId: string,
  ): Promise<DismissedDto> {
    return this.duplicates.takeBack(residentId, otherId);
  }

  @Get('residents/:id/merge-preview')
  @Access('residents:merge')
  @ApiOperation({
    summary: 'See what a merge would move, what the two say otherwise, and what stands against it',
  })
  @ApiParam(SURVIVOR)
  @ApiOkResponse({ type: MergePreviewDto, description: 'Nothing is changed.' })
  preview(
    @Param('id', UuidParam) id: string,
    @Query() { mergedId }: MergePreviewQuery,
  ): Promise<MergePreviewDto> {
    return this.merges.preview(id, mergedId);
  }

  @Post('residents/:id/merge')
  @HttpCode(200)
  @Access('residents:merge')
  @ApiOperation({
    summary: 'Make two records of one person one; logged',
    description:
      'Everything moves to the record that stays, in one transaction; the stricter consent counts. The other id answers ' +
      'with where it went from then on, and takes nothing more.',
  })
  @ApiParam(SURVIVOR)
  @ApiOkResponse({ type: ResidentDto, description: 'The person, masked.' })
  @ApiConflictResponse({ description: 'Something has to be put right first; conflicts says what, and how.' })
  async merge(@Param('id', UuidParam) id: string, @Body() body: MergeDto): Promise<ResidentDto> {
    await this.merges.merge(id, body);
    return this.residents.find(id);
  }
}
