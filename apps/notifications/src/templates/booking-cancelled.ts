import { type BookingWords, type Template, whenInChinese, whenInEnglish } from './template';

export interface CancelledWords extends BookingWords {
  by: 'resident' | 'operator' | 'system';
}

const WHO_CHINESE = {
  resident: '您的预约已按您的要求取消。',
  operator: '很抱歉，站点取消了您的预约。',
  system: '您的预约已被系统取消。',
};
const WHO_ENGLISH = {
  resident: 'Your booking is cancelled, as you asked.',
  operator: 'We are sorry: the site had to cancel your booking.',
  system: 'Your booking was cancelled automatically.',
};

export const bookingCancelled: Template<CancelledWords> = {
  code: 'booking-cancelled',
  eventType: 'bookings.BookingCancelled.v1',
  about: 'A confirmed booking is cancelled, by the resident, the site or the system.',
  write: {
    'zh-CN': (words) => ({
      subject: `预约已取消：${words.offering}`,
      text: `${words.name}，您好：

${WHO_CHINESE[words.by]}
服务：${words.offering}
地点：${words.site}
原定时间：${whenInChinese(words)}

欢迎随时再次预约。`,
    }),
    en: (words) => ({
      subject: `Booking cancelled: ${words.offering}`,
      text: `Dear ${words.name},

${WHO_ENGLISH[words.by]}
Service: ${words.offering}
Place: ${words.site}
It was for: ${whenInEnglish(words)}

You are welcome to book again at any time.`,
    }),
  },
};
