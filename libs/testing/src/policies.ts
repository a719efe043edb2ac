import type { Pool } from 'pg';

const AS_TEXT = String.raw`::text\)? = \( SELECT (NULLIF\()?current_setting|current_setting\) = \(?[a-z_.]+\)?::text`;

/** Policies that turn each row's id into text to compare it with the actor's: right, but slow over many rows. */
export async function policiesComparingText(db: Pick<Pool, 'query'>): Promise<string[]> {
  const { rows } = await db.query<{ policy: string }>(
    `SELECT tablename || '.' || policyname AS policy FROM pg_policies
     WHERE concat_ws(' ', qual, with_check) ~ $1 ORDER BY 1`,
    [AS_TEXT],
  );
  return rows.map(({ policy }) => policy);
}
