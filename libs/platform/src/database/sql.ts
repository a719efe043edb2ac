/** Asks Postgres; the rows of the answer. */
export type Sql = <T>(text: string, params?: unknown[]) => Promise<T[]>;
