import { ApiProperty } from '@nestjs/swagger';
import { LANGUAGES } from '../preferences/preference';

export class TemplateSample {
  @ApiProperty({ description: 'Language of the text.', enum: LANGUAGES, example: 'zh-CN' })
  language: string;

  @ApiProperty({ description: 'Subject line, with made-up words.', example: '预约成功：社区午餐' })
  subject: string;

  @ApiProperty({
    description: 'The text, with made-up words.',
    example: '王秀英，您好：\n\n您的预约已确认。',
  })
  text: string;
}

export class TemplateView {
  @ApiProperty({ description: 'Stable name; the subject of a delivery.', example: 'booking-confirmed' })
  code: string;

  @ApiProperty({ description: 'The event that it answers.', example: 'bookings.BookingConfirmed.v1' })
  eventType: string;

  @ApiProperty({
    description: 'When it is sent.',
    example: 'A booking is confirmed: its price is agreed and its place is kept.',
  })
  about: string;

  @ApiProperty({ description: 'How it reads in each language.', type: [TemplateSample] })
  samples: TemplateSample[];
}
