import { LANGUAGES } from '../preferences/preference';
import {
  BOOKING_TEMPLATES,
  HELD_TEMPLATES,
  PAPER_TEMPLATES,
  samplesOf,
  templateOfEvent,
  TEMPLATES,
  write,
  writePaper,
} from './catalogue';

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

const paper = {
  ...{ name: '王秀英', operator: '邻里社区服务', number: 'INV-2026-000017', period: '2026-11' },
  ...{ amountFen: 4800, openFen: 3200, dueOn: '2026-12-15', tone: 'reminder' },
  ...{ creditNoteNumber: 'CN-2026-000003', paidOn: '2026-12-03' },
  ...{ replacedFen: 3800, replacedPaidOn: '2026-12-04' },
  ...{ cardEnd: '0017', balanceFen: 28_400, packageName: '午餐十次卡', usesLeft: 4, heldFen: 28_200 },
  ...{ firstDay: '2026-12-03', lastDay: '2027-03-02' },
};

describe('an invoice', () => {
  it('reads well in Chinese', () => {
    expect(writePaper('invoice-issued', 'zh-CN', paper)).toEqual({
      subject: '2026年11月账单：INV-2026-000017',
      text: [
        '王秀英，您好：',
        '',
        '您2026年11月的服务账单已出具。',
        '账单编号：INV-2026-000017',
        '账单金额：48.00 元',
        '尚需支付：32.00 元',
        '请在2026年12月15日前（含当日）支付。',
        '',
        '如有疑问，请向站点工作人员咨询。',
        '邻里社区服务',
      ].join('\n'),
    });
  });

  it('reads well in English, and asks for nothing that is paid', () => {
    const { subject, text } = writePaper('invoice-issued', 'en', { ...paper, openFen: 0 });
    expect(subject).toBe('Invoice for November 2026: INV-2026-000017');
    expect(text).toContain('Amount: ¥48.00');
    expect(text).not.toContain('Please pay by');
  });

  it.each([
    ['reminder', '请尽快支付', 'overlooked'],
    ['warning', '已经逾期', 'overdue'],
    ['final', '最后一次通知', 'last notice'],
    ['a tone of later', '请尽快支付', 'overlooked'],
  ])('is reminded of in the tone %s', (tone, chinese, english) => {
    expect(writePaper('invoice-reminded', 'zh-CN', { ...paper, tone }).text).toContain(chinese);
    expect(writePaper('invoice-reminded', 'en', { ...paper, tone }).text).toContain(english);
  });
});

describe('a receipt that is void', () => {
  const nothing = { replacedFen: undefined, replacedPaidOn: undefined };
  const textOf = (language: 'zh-CN' | 'en', changes: object = {}) =>
    writePaper('receipt-voided', language, { ...paper, number: 'RC-2026-000009', ...changes }).text;

  it('says in Chinese what is recorded instead, and what to do when it was otherwise', () =>
    expect(textOf('zh-CN').split('\n')).toEqual([
      ...['王秀英，您好：', '', '2026年12月3日、金额 48.00 元的收据 RC-2026-000009 因付款登记有误已作废。'],
      '该笔付款已更正为：2026年12月4日，38.00 元。可凭此索取新收据。',
      ...[
        '如与您实际付款不符，请保留原收据并与我们核对。',
        '',
        '如有疑问，请向站点工作人员咨询。',
        '邻里社区服务',
      ],
    ]));

  it('says in English, too, and when nothing is', () => {
    expect(textOf('en')).toContain('It is now recorded as ¥38.00 on 4 December 2026.');
    expect(textOf('en', nothing)).toContain('what it had paid for is owed again');
    expect(textOf('zh-CN', nothing)).toContain('该笔付款不再入账，原已抵扣的费用恢复为待支付。');
  });
});

describe.each(PAPER_TEMPLATES)('template $code', (template) => {
  it('says to whom, from whom, about which document and how much, and leaves no hole', () => {
    for (const language of LANGUAGES) {
      const { subject, text } = template.write[language](paper);
      expect(subject).toContain(paper.number);
      for (const part of [paper.name, paper.operator, paper.number]) expect(text).toContain(part);
      if (template.code !== 'invoice-paid') expect(text).toMatch(/[34][28]\.00/);
      expect(subject + text).not.toMatch(/undefined|null|NaN|Invalid|\[object/);
    }
  });
});

describe('a package that ends soon', () => {
  it('reads well in Chinese', () =>
    expect(writePaper('package-expiring', 'zh-CN', paper).text.split('\n')).toEqual([
      ...['王秀英，您好：', '', '您的“午餐十次卡”还剩 4 次，可使用至2027年3月2日（含当日）。'],
      ...['到期未使用的次数可以退款。', '', '如有疑问，请向站点工作人员咨询。', '邻里社区服务'],
    ]));

  it('reads well in English', () =>
    expect(writePaper('package-expiring', 'en', paper).text).toContain(
      'Uses left of your package “午餐十次卡”: 4. It can be used until 2 March 2027.',
    ));
});

describe.each(HELD_TEMPLATES)('template $code', (template) => {
  it('says to whom, from whom, what it is about and how much, and leaves no hole', () => {
    const [of] = template.code.split('-');
    const parts = { prepaid: ['0017', '284.00'], package: ['午餐十次卡'], deposit: ['48.00'] }[of];
    for (const language of LANGUAGES) {
      const { subject, text } = template.write[language](paper);
      expect(subject).toContain(parts?.[0]);
      for (const part of [paper.name, paper.operator, ...(parts ?? ['?'])]) expect(text).toContain(part);
      expect(subject + text).not.toMatch(/undefined|null|NaN|Invalid|\[object/);
    }
  });
});

describe.each(TEMPLATES)('template $code', (template) => {
  it('is found by its event', () => expect(templateOfEvent(template.eventType)).toBe(template.code));

  it('has a sample in every language', () =>
    expect(samplesOf(template).map(({ language }) => language)).toEqual([...LANGUAGES]));
});

describe.each(BOOKING_TEMPLATES)('template $code', (template) => {
  it('says name, service, place and time in every language, and leaves no hole', () => {
    for (const language of LANGUAGES) {
      const { subject, text } = template.write[language](words);
      expect(subject).toContain(words.offering);
      for (const part of [words.name, words.offering, words.site, '11:00–12:30'])
        expect(text).toContain(part);
      expect(subject + text).not.toMatch(/undefined|null|NaN|Invalid|\[object/);
    }
  });
});

it('knows no other events', () => expect(templateOfEvent('bookings.BookingHeld.v1')).toBeUndefined());
it('refuses an unknown code', () => {
  expect(() => write('hello', 'en', words)).toThrow('no template hello');
  expect(() => writePaper('booking-confirmed', 'en', paper)).toThrow('no template booking-confirmed');
});
