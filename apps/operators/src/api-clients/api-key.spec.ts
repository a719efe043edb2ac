import { newApiKey, parseApiKey, sameHash } from './api-key';

const CLIENT = '019a0000-0000-7000-8000-000000000001';

describe('an API key', () => {
  it('names its client and opens with its own secret alone', () => {
    for (let n = 0; n < 200; n++) {
      const { key, secretHash } = newApiKey(CLIENT);
      const parsed = parseApiKey(key);
      expect(parsed?.clientId).toBe(CLIENT);
      expect(sameHash(parsed?.secretHash ?? '', secretHash)).toBe(true);
      expect(sameHash(newApiKey(CLIENT).secretHash, secretHash)).toBe(false);
    }
  });

  it.each([
    '',
    'dsk_',
    `dsk_${CLIENT}_short`,
    `key_${CLIENT}_${'a'.repeat(43)}`,
    `dsk_${CLIENT}_${'!'.repeat(43)}`,
  ])('is not %j', (text) => expect(parseApiKey(text)).toBeUndefined());

  it('is not opened by an empty hash', () => {
    expect(sameHash('', newApiKey(CLIENT).secretHash)).toBe(false);
  });
});
