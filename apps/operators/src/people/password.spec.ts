import { checkNewPassword, newOneTimePassword } from './password';

describe('a new password', () => {
  it.each(['correct horse battery', '四个毫不相干的词语放在一起', 'Tr0ub4dor&3-and-more'])(
    'may be %j',
    (password) => {
      expect(() => checkNewPassword(password, 'li.na')).not.toThrow();
    },
  );

  it.each([
    ['short1!', 'shorter than 12'],
    ['x'.repeat(201), 'longer than 200'],
    ['aaaabbbbaaaabbbb', 'too few different'],
    ['my-LI.NA-secret', 'contains the login'],
    ['Password123456', 'first to be guessed'],
    ['qwerty123456!', 'first to be guessed'],
  ])('may not be %j', (password, reason) => {
    expect(() => checkNewPassword(password, 'li.na')).toThrow(reason);
  });

  it('is made anew each time, readable and strong enough for its own check', () => {
    const made = new Set(Array.from({ length: 200 }, () => newOneTimePassword()));
    expect(made.size).toBe(200);
    for (const password of made) {
      expect(password).toMatch(/^([2-9A-HJ-NP-Za-km-z]{5}-){3}[2-9A-HJ-NP-Za-km-z]{5}$/);
      expect(() => checkNewPassword(password, 'li.na')).not.toThrow();
    }
  });
});
