import {
  type BookingFacts,
  compose,
  type Known,
  mayGo,
  mayPaperGo,
  type PaperFacts,
  type Sendable,
} from './message';

const now = new Date('2026-11-20T14:00:00Z'); // 22:00 in Shanghai
const facts: BookingFacts = {
  bookingId: 'b',
  siteId: 's',
  offeringId: 'o',
  start: '2026-11-23T03:00:00.000Z',
  end: '2026-11-23T04:30:00.000Z',
};
const contact = { keyId: '1', wrappedKey: 'w', sealed: 's' };
const known: Known = {
  resident: { consent: true, erased: false, contact },
  preference: null,
  site: { nameZh: '贵州路社区综合体', nameEn: 'Guizhou Road Complex', timeZone: 'Asia/Shanghai' },
  offering: { nameZh: '社区午餐', nameEn: null },
  operator: null,
};
const preference = { enabled: true, language: null, quietFrom: null, quietTo: null };
const verdict = (changes: Partial<Known>, at = now) => mayGo({ ...known, ...changes }, facts, at);
const resident = { consent: true, erased: false, contact };

describe('a message about a booking', () => {
  it('goes to a resident who agreed to hear from us', () => {
    expect(verdict({})).toEqual({ contact, language: null, site: known.site, offering: known.offering });
    expect(verdict({ preference: { ...preference, language: 'en' } })).toMatchObject({ language: 'en' });
  });

  it.each([
    ['erased', { resident: { ...resident, erased: true, contact: null } }],
    ['no_consent', { resident: { ...resident, consent: false } }],
    ['unsubscribed', { preference: { ...preference, enabled: false } }],
    ['no_contact', { resident: { ...resident, contact: null } }],
  ] as [string, Partial<Known>][])('is suppressed: %s', (reason, changes) => {
    expect(verdict(changes)).toEqual({ kind: 'suppressed', reason });
  });

  it('is suppressed from the start of the booking on', () => {
    expect(verdict({}, new Date(facts.start))).toEqual({ kind: 'suppressed', reason: 'too_late' });
  });

  it.each([
    ['resident_unknown', { resident: null }],
    ['place_unknown', { site: null }],
    ['place_unknown', { offering: null }],
  ] as [string, Partial<Known>][])('is tried again: %s', (reason, changes) => {
    expect(verdict(changes)).toEqual({ kind: 'failed', reason });
  });

  it('waits for the end of quiet hours', () => {
    const quiet = { ...preference, quietFrom: '21:00', quietTo: '07:30' };
    expect(verdict({ preference: quiet })).toEqual({
      kind: 'deferred',
      until: new Date('2026-11-20T23:30:00Z'),
      reason: 'quiet_hours',
    });
  });
});

describe('a message about a document', () => {
  const at = '2026-11-20T02:00:00.000Z';
  const papers = (changes: Partial<Known>, when = now) =>
    mayPaperGo({ ...known, site: null, offering: null, ...changes }, { at } as PaperFacts, when);
  const operator = { name: '邻里' };

  it('needs the name of who writes, and no place', () => {
    expect(papers({})).toEqual({ kind: 'failed', reason: 'operator_unknown' });
    expect(papers({ operator })).toEqual({ contact, language: null, operator });
  });

  it('heeds what the resident wants, waits for the morning, and is no news for ever', () => {
    const quiet = { ...preference, quietFrom: '21:00', quietTo: '07:30' };
    expect(papers({ operator, resident: { ...resident, consent: false } })).toMatchObject({
      reason: 'no_consent',
    });
    expect(papers({ operator, preference: quiet })).toMatchObject({
      kind: 'deferred',
      reason: 'quiet_hours',
    });
    expect(papers({ operator }, new Date('2026-12-04T02:00:00Z'))).toMatchObject({ reason: 'too_late' });
  });
});

describe('its text', () => {
  const sendable = verdict({}) as Sendable;

  it('follows the preference, then the contact, then the default', () => {
    const languages = (set: string | null, own?: string) =>
      compose('booking-confirmed', facts, { ...sendable, language: set }, { name: '王秀英', language: own })
        .language;
    expect([languages('en', 'zh-CN'), languages(null, 'en'), languages(null)]).toEqual(['en', 'en', 'zh-CN']);
  });

  it('takes the Chinese name where there is no English one', () => {
    const { text } = compose('booking-cancelled', { ...facts, by: 'operator' }, sendable, {
      name: 'Wang',
      language: 'en',
    });
    expect(text).toContain('Service: 社区午餐\nPlace: Guizhou Road Complex');
    expect(text).toContain('the site had to cancel');
  });
});
