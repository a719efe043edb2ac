import { isInstant } from './instant.validator';

describe('an instant', () => {
  it.each([
    '2026-11-02T03:30:00Z',
    '2026-11-02T03:30Z',
    '2026-11-02 03:30:00.123+08:00',
    '2026-11-02T03:30:00.000001-0500',
    '2024-02-29T23:59:59Z',
  ])('is %s', (text) => expect(isInstant(text)).toBe(true));

  it.each([
    ['without its offset', '2026-11-02T03:30:00'],
    ['a day alone', '2026-11-02'],
    ['of a day that is none', '2026-02-29T03:30:00Z'],
    ['of a week', '2026-W45-1T03:30:00Z'],
    ['without separators', '20261102T033000Z'],
    ['of an hour that is none', '2026-11-02T24:30:00Z'],
    ['of an offset that is none', '2026-11-02T03:30:00+99:00'],
    ['nothing', ''],
  ])('is not one %s', (_what, text) => expect(isInstant(text)).toBe(false));
});
