import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { Access, UuidParam } from '@doorstep/platform';
import { ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { BookingAnswers } from '../bookings/booking.answers';
import { BookingDto } from '../bookings/bookings.dto';
import { AssignDto, CandidatesDto } from './assignments.dto';
import { Assignments } from './assignments.service';

const ID = { name: 'id', description: 'The booking of the visit.', format: 'uuid' };

@ApiTags('visits')
@Controller('v1/bookings/:id')
export class AssignmentsController {
  constructor(
    private readonly assignments: Assignments,
    private readonly answers: BookingAnswers,
  ) {}

  @Get('caregivers')
  @Access('visits:assign')
  @ApiOperation({ summary: 'See who else could go: with the skills, on shift, free, their ways counted' })
  @ApiParam(ID)
  @ApiOkResponse({ type: CandidatesDto, description: 'Candidates.' })
  async candidates(@Param('id', UuidParam) id: string): Promise<CandidatesDto> {
    return { items: await this.assignments.candidates(id) };
  }

  @Post('caregiver')
  @HttpCode(200)
  @Access('visits:assign')
  @ApiOperation({ summary: 'Send another carer' })
  @ApiParam(ID)
  @ApiOkResponse({ type: BookingDto, description: 'The booking with its carer.' })
  async assign(@Param('id', UuidParam) id: string, @Body() body: AssignDto): Promise<BookingDto> {
    return this.answers.show(await this.assignments.assign(id, body));
  }
}
