import { types } from 'pg';

/**
 * How Postgres values arrive in TypeScript, for the whole process:
 * int8 as a number that must be safe (fen and counters fit; anything larger is a defect and throws),
 * date as 'YYYY-MM-DD' (a calendar day has no time zone, so it must not become a Date).
 */
export function installTypeParsers(): void {
  types.setTypeParser(types.builtins.INT8, safeInteger);
  types.setTypeParser(types.builtins.DATE, (text) => text);
}

export function safeInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`bigint ${text} does not fit a safe integer`);
  return value;
}

installTypeParsers();
