import { languageOf, quietUntil } from './preference';

describe('the language of a message', () => {
  it.each([
    [['en'], 'en'],
    [['en-GB'], 'en'],
    [['zh'], 'zh-CN'],
    [['zh-Hans-CN'], 'zh-CN'],
    [['fr', 'en_US'], 'en'],
    [[null, undefined, ''], 'zh-CN'],
    [['fr'], 'zh-CN'],
  ])('asked for as %j is %s', (wishes, language) => expect(languageOf(...wishes)).toBe(language));
});

describe('quiet hours', () => {
  const zone = 'Asia/Shanghai';
  const never = new Date('2030-01-01T00:00:00Z');
  const night = { from: '21:30', to: '08:00' };
  const until = (now: string, quiet = night, useless = never) =>
    quietUntil(new Date(now), quiet, zone, useless)?.toISOString();

  it('let a message go by day', () => {
    expect(until('2026-11-20T04:00:00Z')).toBeUndefined(); // 12:00
    expect(until('2026-11-20T13:29:59Z')).toBeUndefined(); // 21:29
    expect(until('2026-11-20T00:00:00Z')).toBeUndefined(); // 08:00: the end is out
  });

  it('hold it from the evening to the next morning', () => {
    expect(until('2026-11-20T13:30:00Z')).toBe('2026-11-21T00:00:00.000Z');
    expect(until('2026-11-20T15:59:00Z')).toBe('2026-11-21T00:00:00.000Z');
  });

  it('hold it after midnight to the same morning', () => {
    expect(until('2026-11-20T16:30:00Z')).toBe('2026-11-21T00:00:00.000Z'); // 00:30 on the 21st
  });

  it('may lie within one day', () => {
    const nap = { from: '12:00', to: '14:00' };
    expect(until('2026-11-20T05:00:00Z', nap)).toBe('2026-11-20T06:00:00.000Z');
    expect(until('2026-11-20T06:00:00Z', nap)).toBeUndefined();
  });

  it('give way to a message that would come too late', () => {
    const start = new Date('2026-11-20T23:30:00Z'); // 07:30
    expect(until('2026-11-20T14:00:00Z', night, start)).toBeUndefined();
  });

  it('are none when both ends are the same', () => {
    expect(until('2026-11-20T14:00:00Z', { from: '08:00', to: '08:00' })).toBeUndefined();
  });

  it('follow the zone through a change to summer time', () => {
    const end = quietUntil(
      new Date('2026-03-29T00:30:00Z'),
      { from: '22:00', to: '06:00' },
      'Europe/Berlin',
      never,
    );
    expect(end?.toISOString()).toBe('2026-03-29T04:00:00.000Z');
  });
});
