/** An escape of JSON that Postgres reads otherwise: of a control character, or of half a character. */
const OWN_ESCAPE = /(?<!\\)(?:\\\\)*\\[^"\\]/;

/**
 * A parameter as pg should get it. pg writes arrays element by element, each through two regular expressions; JSON writes
 * the same text in one go, but for escapes of its own. Arrays with those, and of other things than plain values, are left to
 * pg.
 */
export function paramOf(value: unknown): unknown {
  if (!Array.isArray(value) || !value.every(isPlain)) return value;
  const json = JSON.stringify(value);
  return OWN_ESCAPE.test(json) ? value : `{${json.slice(1, -1)}}`;
}

function isPlain(value: unknown): boolean {
  if (value === null || value === undefined) return true;
  return typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value);
}
