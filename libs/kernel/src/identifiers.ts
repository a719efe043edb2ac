/** Checks and masks of the identifiers that people and firms carry in China. All pure; sources at each. */

const CREDIT_ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY';

/**
 * Unified social credit code, GB 32100-2015: 18 characters, check = (31 − Σ value·3^i mod 31) mod 31.
 * A few genuine codes given out in the first years fail the check: `checksum` tells them from malformed ones, so that an
 * authorised person may override with a reason.
 */
export function checkCreditCode(code: string): 'valid' | 'checksum' | 'malformed' {
  if (code.length !== 18 || [...code].some((c) => !CREDIT_ALPHABET.includes(c))) return 'malformed';
  let weight = 1;
  let sum = 0;
  for (const character of code.slice(0, 17)) {
    sum += CREDIT_ALPHABET.indexOf(character) * weight;
    weight = (weight * 3) % 31;
  }
  return CREDIT_ALPHABET[(31 - (sum % 31)) % 31] === code[17] ? 'valid' : 'checksum';
}

const RESIDENT_ID_WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

/** Citizen identification number, GB 11643-1999. The last character is `X` in capitals. */
export function isResidentId(id: string): boolean {
  if (!/^\d{17}[\dX]$/.test(id)) return false;
  const sum = RESIDENT_ID_WEIGHTS.reduce((total, weight, i) => total + weight * Number(id[i]), 0);
  return '10X98765432'[sum % 11] === id[17];
}

/** Birth date inside a citizen number, `YYYY-MM-DD`. */
export function birthDateOfResidentId(id: string): string {
  return `${id.slice(6, 10)}-${id.slice(10, 12)}-${id.slice(12, 14)}`;
}

export function isMobile(number: string): boolean {
  return /^1[3-9]\d{9}$/.test(number);
}

export function maskMobile(number: string): string {
  return `${number.slice(0, 3)}****${number.slice(7)}`;
}

export function maskResidentId(id: string): string {
  return `${id.slice(0, 6)}********${id.slice(14)}`;
}

/** The surname alone: the first character, or the first two of a double surname of the common list. */
export function maskName(name: string): string {
  const double = [
    '欧阳',
    '上官',
    '司马',
    '诸葛',
    '东方',
    '皇甫',
    '尉迟',
    '公孙',
    '慕容',
    '令狐',
    '司徒',
    '夏侯',
    '端木',
    '南宫',
  ];
  const surname = double.find((d) => name.length > 2 && name.startsWith(d)) ?? [...name][0] ?? '';
  return `${surname}${'*'.repeat(Math.max(1, [...name].length - [...surname].length))}`;
}
