import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { Access, UuidParam } from '@doorstep/platform';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { BookingAnswers } from '../bookings/booking.answers';
import { AddEvidenceDto, EvidenceDto } from './evidence.dto';
import { Evidence } from './evidence.service';
import { ShowQrDto, VisitedBookingDto, VisitQrDto, VisitStepDto } from './visits.dto';
import { Visits, type VisitStep } from './visits.service';

const ID = { name: 'id', description: 'The booking of the visit.', format: 'uuid' };

@ApiTags('visits')
@Controller('v1/bookings/:id')
export class VisitsController {
  constructor(
    private readonly visits: Visits,
    private readonly evidence: Evidence,
    private readonly answers: BookingAnswers,
  ) {}

  @Post('check-in')
  @HttpCode(200)
  @Access('visits:check')
  @ApiOperation({
    summary: "Check a visit in with the client's code, their QR code, or a position near their home",
  })
  @ApiParam(ID)
  @ApiOkResponse({ type: VisitedBookingDto, description: 'The visit has begun.' })
  async checkIn(@Param('id', UuidParam) id: string, @Body() body: VisitStepDto): Promise<VisitedBookingDto> {
    return this.show(await this.visits.checkIn(id, body));
  }

  @Post('check-out')
  @HttpCode(200)
  @Access('visits:check')
  @ApiOperation({ summary: 'Check a visit out: the service is delivered, or on review where flags say why' })
  @ApiParam(ID)
  @ApiOkResponse({ type: VisitedBookingDto, description: 'The visit is over; minutes count from check-in.' })
  async checkOut(@Param('id', UuidParam) id: string, @Body() body: VisitStepDto): Promise<VisitedBookingDto> {
    return this.show(await this.visits.checkOut(id, body));
  }

  @Post('visit-qr')
  @HttpCode(200)
  @Access('visits:show-code')
  @ApiOperation({
    summary: 'Get a QR code that the client shows to the carer: for one step, for a short time',
  })
  @ApiParam(ID)
  @ApiOkResponse({ type: VisitQrDto, description: 'What to show.' })
  async qr(@Param('id', UuidParam) id: string, @Body() body: ShowQrDto): Promise<VisitQrDto> {
    const { qr, expiresAt } = await this.visits.qr(id, body.deviceId);
    return { qr, expiresAt: new Date(expiresAt).toISOString() };
  }

  @Post('evidence')
  @Access('visits:check')
  @ApiOperation({ summary: 'Add a photo or a signature to a visit' })
  @ApiParam(ID)
  @ApiCreatedResponse({ type: EvidenceDto, description: 'Kept, with its SHA-256.' })
  async add(@Param('id', UuidParam) id: string, @Body() body: AddEvidenceDto): Promise<EvidenceDto> {
    const row = await this.evidence.add(id, body);
    const { id: fileId, kind, name, contentType, bytes, sha256, addedAt } = row;
    return { id: fileId, kind, name, contentType, bytes, sha256, addedAt: new Date(addedAt).toISOString() };
  }

  private show({ booking, flags }: VisitStep): VisitedBookingDto {
    return { ...this.answers.show(booking), flags };
  }
}
