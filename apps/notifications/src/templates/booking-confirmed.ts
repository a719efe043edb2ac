import { type BookingWords, type Template, whenInChinese, whenInEnglish } from './template';

export const bookingConfirmed: Template<BookingWords> = {
  code: 'booking-confirmed',
  eventType: 'bookings.BookingConfirmed.v1',
  about: 'A booking is confirmed: its price is agreed and its place is kept.',
  write: {
    'zh-CN': (words) => ({
      subject: `预约成功：${words.offering}`,
      text: `${words.name}，您好：

您的预约已确认。
服务：${words.offering}
地点：${words.site}
时间：${whenInChinese(words)}

如不能前来，请尽早取消，把名额留给其他居民。`,
    }),
    en: (words) => ({
      subject: `Booking confirmed: ${words.offering}`,
      text: `Dear ${words.name},

Your booking is confirmed.
Service: ${words.offering}
Place: ${words.site}
Time: ${whenInEnglish(words)}

If you can't come, please cancel early, so that somebody else can have the place.`,
    }),
  },
};
