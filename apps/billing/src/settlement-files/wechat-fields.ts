import { parseYuan, type Fen } from '@doorstep/kernel';

/* How WeChat Pay writes the fields of its bills. */

/** Every data field begins with a backtick, so a comma in a name is no separator. */
export const BACKTICKED = ',`';

/** The fields of a record that was split at BACKTICKED; headers have no backticks, so they come in one piece. */
export function backticked(record: string[]): string[] {
  if (!record[0].startsWith('`'))
    return record
      .join(BACKTICKED)
      .split(',')
      .map((field) => field.trim());
  record[0] = record[0].slice(1);
  return record;
}

/** Fees are written with five decimals, of which the last three are always 0: the channel charges whole fen. */
export function parseFee(text: string): Fen | undefined {
  const end = text.endsWith('000') ? text.length - 3 : text.length;
  return text.charAt(end - 3) === '.'
    ? parseYuan(text.slice(0, end))
    : parseYuan(text.replace(/(\.\d\d)0+$/, '$1'));
}

/** "0.60%" to parts per million. */
export function parseRate(text: string): number | undefined {
  const match = /^(\d{1,3})(?:\.(\d{1,4}))?%$/.exec(text);
  return match ? Number(match[1]) * 10_000 + Number((match[2] ?? '').padEnd(4, '0')) : undefined;
}
