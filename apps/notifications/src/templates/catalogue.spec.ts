import { LANGUAGES } from '../preferences/preference';
import { TEMPLATES, templateOfEvent, samplesOf, write } from './catalogue';

const words = {
  name: '王秀英',
  offering: '社区午餐',
  site: '贵州路社区综合体',
  start: new Date('2026-11-23T03:00:00Z'),
  end: new Date('2026-11-23T04:30:00Z'),
  timeZone: 'Asia/Shanghai',
  by: 'resident' as const,
};

describe('a confirmed booking', () => {
  it('reads well in Chinese, in the time of the site', () => {
    expect(write('booking-confirmed', 'zh-CN', words)).toEqual({
      subject: '预约成功：社区午餐',
      text: [
        '王秀英，您好：',
        '',
        '您的预约已确认。',
        '服务：社区午餐',
        '地点：贵州路社区综合体',
        '时间：2026年11月23日 星期一 11:00–12:30',
        '',
        '如不能前来，请尽早取消，把名额留给其他居民。',
      ].join('\n'),
    });
  });

  it('reads well in English', () => {
    const { subject, text } = write('booking-confirmed', 'en', { ...words, offering: 'Community lunch' });
    expect(subject).toBe('Booking confirmed: Community lunch');
    expect(text).toContain('Time: Monday 23 November 2026, 11:00–12:30');
  });

  it('names both days when it goes past midnight', () => {
    const { text } = write('booking-confirmed', 'zh-CN', { ...words, end: new Date('2026-11-23T17:00:00Z') });
    expect(text).toContain('2026年11月23日 星期一 11:00–2026年11月24日 星期二 01:00');
  });
});

it.each([
  ['resident', '按您的要求取消', 'as you asked'],
  ['operator', '站点取消了', 'the site had to cancel'],
  ['system', '系统取消', 'automatically'],
] as const)('a cancellation by the %s says who did it', (by, chinese, english) => {
  expect(write('booking-cancelled', 'zh-CN', { ...words, by }).text).toContain(chinese);
  expect(write('booking-cancelled', 'en', { ...words, by }).text).toContain(english);
});

describe.each(TEMPLATES)('template $code', (template) => {
  it('is found by its event', () => expect(templateOfEvent(template.eventType)).toBe(template.code));

  it('says name, service, place and time in every language, and leaves no hole', () => {
    for (const language of LANGUAGES) {
      const { subject, text } = template.write[language](words);
      expect(subject).toContain(words.offering);
      for (const part of [words.name, words.offering, words.site, '11:00–12:30'])
        expect(text).toContain(part);
      expect(subject + text).not.toMatch(/undefined|null|NaN|Invalid|\[object/);
    }
  });

  it('has a sample in every language', () =>
    expect(samplesOf(template).map(({ language }) => language)).toEqual([...LANGUAGES]));
});

it('knows no other events', () => expect(templateOfEvent('bookings.BookingHeld.v1')).toBeUndefined());
it('refuses an unknown code', () => expect(() => write('hello', 'en', words)).toThrow('no template hello'));
