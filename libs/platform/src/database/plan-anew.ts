import type { Tx } from './transaction';

/**
 * Before a transaction writes rows by the thousand: Postgres plans a connection's foreign-key checks once, for the tables as
 * they were. Where autovacuum or ANALYZE has seen a table with a page or two, that is a scan of the whole, and it stays one
 * however the table grows, until statistics come anew: 3,000 sites under 90,000 regions took longer than a statement may.
 * Forgotten plans are made by the size of now. (ANALYZE after migrations would make it worse: a table never looked at is
 * taken for one of ten pages, and gets its index.)
 */
export async function planAnew(tx: Tx): Promise<void> {
  await tx.sql('DISCARD PLANS');
}
