import { type BookingWords, type Template, whenInChinese, whenInEnglish } from './template';

export const bookingExpired: Template<BookingWords> = {
  code: 'booking-expired',
  eventType: 'bookings.BookingExpired.v1',
  about: 'A booking was not confirmed in time, so its place is free again; nothing is charged.',
  write: {
    'zh-CN': (words) => ({
      subject: `预约未及时确认：${words.offering}`,
      text: `${words.name}，您好：

您的预约未能在规定时间内确认，名额已释放，不会产生任何费用。
服务：${words.offering}
地点：${words.site}
时间：${whenInChinese(words)}

如仍需要，请重新预约。`,
    }),
    en: (words) => ({
      subject: `Booking not confirmed in time: ${words.offering}`,
      text: `Dear ${words.name},

Your booking could not be confirmed in time, so its place is free again. Nothing is charged.
Service: ${words.offering}
Place: ${words.site}
Time: ${whenInEnglish(words)}

If you still need it, please book again.`,
    }),
  },
};
