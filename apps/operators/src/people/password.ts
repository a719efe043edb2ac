import { randomInt } from 'node:crypto';
import { DomainError } from '@doorstep/kernel';

export const PASSWORD_LENGTH_MIN = 12;
/** A bound on what the hash function is fed. */
export const PASSWORD_LENGTH_MAX = 200;
/** A one-time password that nobody used in this time is of no use any more. */
export const ONE_TIME_PASSWORD_DAYS = 14;

/** Without 0 and O, 1, I and l: it is read from a screen or a slip of paper. */
const READABLE = '23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';

/** Words that head every list of stolen passwords; a password made of one of them and little else is refused. */
const COMMON = [
  'password',
  'qwerty',
  'asdfgh',
  'zxcvbn',
  'abc123',
  '123456',
  'iloveyou',
  'admin',
  'welcome',
  'woaini',
];

/** 20 random characters, 117 bits, in groups of five. */
export function newOneTimePassword(): string {
  const groups = Array.from({ length: 4 }, () =>
    Array.from({ length: 5 }, () => READABLE[randomInt(READABLE.length)]).join(''),
  );
  return groups.join('-');
}

/** Length counts, not the mix of characters (NIST SP 800-63B §3.1.1.2). */
export function checkNewPassword(next: string, login: string): void {
  const fault = faultOf(next, login);
  if (!fault) return;
  throw new DomainError('invalid', 'password_weak', `The new password ${fault}.`, {
    field: 'next',
    mend: `Take at least ${PASSWORD_LENGTH_MIN} characters, such as four unrelated words.`,
  });
}

function faultOf(password: string, login: string): string | undefined {
  if ([...password].length < PASSWORD_LENGTH_MIN) return `is shorter than ${PASSWORD_LENGTH_MIN} characters`;
  if (password.length > PASSWORD_LENGTH_MAX) return `is longer than ${PASSWORD_LENGTH_MAX} characters`;
  if (new Set(password).size < 5) return 'has too few different characters';
  const lower = password.toLowerCase();
  if (lower.includes(login)) return 'contains the login';
  const rest = COMMON.reduce((left, word) => left.replaceAll(word, ''), lower);
  return rest.length < PASSWORD_LENGTH_MIN / 2 ? 'is one of the first to be guessed' : undefined;
}
