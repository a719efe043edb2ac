import { type BookingWords, type Template, whenInChinese, whenInEnglish } from './template';

export const bookingDeclined: Template<BookingWords> = {
  code: 'booking-declined',
  eventType: 'bookings.BookingRejected.v1',
  about: 'A booking could not be confirmed; nothing is charged.',
  write: {
    'zh-CN': (words) => ({
      subject: `预约未成功：${words.offering}`,
      text: `${words.name}，您好：

很抱歉，您的预约未能确认，不会产生任何费用。
服务：${words.offering}
地点：${words.site}
时间：${whenInChinese(words)}

请改约其他时间，或向站点工作人员咨询原因。`,
    }),
    en: (words) => ({
      subject: `Booking not possible: ${words.offering}`,
      text: `Dear ${words.name},

We are sorry: your booking could not be confirmed. Nothing is charged.
Service: ${words.offering}
Place: ${words.site}
Time: ${whenInEnglish(words)}

Please choose another time, or ask the staff at the site for the reason.`,
    }),
  },
};
