import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Sql } from '@doorstep/platform';

/*
 * The floor runs the services' own statements, not copies of them that would fall behind: texts that a service exports
 * are loaded by path (like its migrations), and those inside its functions are recorded by calling them.
 *
 * A value that differs from one transaction to the next is a marker, `@resident@`, also inside of JSON. In the script it
 * becomes a variable, drawn by the script's first statement.
 */

const WORKSPACE = join(__dirname, '..', '..', '..');

/** A module of a service or a library, from its sources. */
export function loadSource<M>(path: string): M {
  return createRequire(__filename)(join(WORKSPACE, path)) as M;
}

/** The statements that a function sends, as lines of a script. Each gets no rows for an answer, unless told which. */
export async function recorded(
  work: (tx: { sql: Sql; prepared: Sql }) => Promise<unknown>,
  rows: object[] = [],
): Promise<string[]> {
  const lines: string[] = [];
  const sql = (<T>(text: string, params: unknown[] = []): Promise<T[]> => {
    lines.push(bound(text, params.map(literalOf)));
    return Promise.resolve(rows as T[]);
  }) as Sql;
  await work({ sql, prepared: sql });
  return lines;
}

/** A statement with an expression in the place of each parameter. */
export function bound(text: string, expressions: readonly string[]): string {
  const statement = text.replace(/\$(\d+)/g, (all, place: string) => {
    const expression = expressions[Number(place) - 1];
    if (expression === undefined) throw new Error(`nothing stands for ${all} in: ${text.slice(0, 200)}`);
    return expression;
  });
  return `${withVariables(statement.trim())};`;
}

/** Markers stand inside of quotes; the variable is put between two pieces of text there. */
export function withVariables(text: string): string {
  return text.replace(/@(\w+)@/g, `' || :$1::text || '`);
}

/** A value as SQL. JSON gets its type, since a concatenation is text and not of any type that fits. */
export function literalOf(value: unknown): string {
  if (value === null || value === undefined) return 'NULL';
  if (Array.isArray(value)) return arrayOf(value);
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  const text = value instanceof Date ? value.toISOString() : typeof value === 'string' ? value : json(value);
  return /^[[{]/.test(text) ? `(${quoted(text)})::jsonb` : `(${quoted(text)})`;
}

function arrayOf(values: readonly unknown[]): string {
  const texts = values.map((value) => (value === null || value === undefined ? null : String(value)));
  if (texts.some((text) => text !== null && /@\w+@|[{}"\\]/.test(text)))
    return `ARRAY[${texts.map((text) => (text === null ? 'NULL' : quoted(text))).join(', ')}]`;
  return quoted(`{${texts.map((text) => text ?? 'NULL').join(',')}}`);
}

/**
 * pgbench takes `:true` for a variable, even inside of quotes; a blank keeps them apart. Backslashes stand for themselves, as
 * in standard SQL: a literal that is cut in pieces for a variable can't say E before each.
 */
function quoted(text: string): string {
  return `'${text.replace(/":(?=\w)/g, '": ').replaceAll("'", "''")}'`;
}

function json(value: unknown): string {
  return JSON.stringify(value);
}
