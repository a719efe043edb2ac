import type { Day } from '@doorstep/kernel';
import type { Tx } from '@doorstep/platform';
import type { LastRevision } from './amendment';
import type { Contract } from './contract';
import type { ContractTerms } from './terms';

/** Terms and the days on which they hold. */
export interface StoredRevision extends LastRevision {
  to: Day;
}

interface RevisionRow {
  revision: number;
  from_day: Day;
  to_day: Day;
  terms: ContractTerms;
}

/** All terms of a contract, in the order of their days. */
export async function revisionsOf(tx: Tx, contractId: string): Promise<StoredRevision[]> {
  const rows = await tx.sql<RevisionRow>(
    `SELECT revision, from_day, to_day, terms FROM contract_revision
     WHERE contract_id = $1 AND NOT superseded ORDER BY from_day`,
    [contractId],
  );
  return rows.map((row) => ({
    revision: row.revision,
    from: row.from_day,
    to: row.to_day,
    terms: row.terms,
  }));
}

/** New terms from a day on: the last revision ends there, or is superseded when it would begin on the same day. */
export async function insertRevision(
  tx: Tx,
  contract: Contract,
  terms: ContractTerms,
  { from, amendmentId, createdAt }: { from: Day; amendmentId: string; createdAt: Date },
): Promise<void> {
  await tx.sql(
    `UPDATE contract_revision SET
       superseded = (from_day = $2),
       to_day = CASE WHEN from_day = $2 THEN to_day ELSE $2 END
     WHERE contract_id = $1 AND NOT superseded AND to_day > $2`,
    [contract.id, from],
  );
  await tx.sql(
    `INSERT INTO contract_revision
       (contract_id, revision, operator_id, authority_id, from_day, to_day, terms, amendment_id, created_at)
     SELECT $1, max(revision) + 1, $2, $3, $4, $5, $6, $7, $8 FROM contract_revision WHERE contract_id = $1`,
    [
      contract.id,
      contract.operatorId,
      contract.authorityId,
      from,
      contract.to,
      JSON.stringify(terms),
      amendmentId,
      createdAt,
    ],
  );
}

/** The last terms run on to the contract's new end. */
export async function extendLastRevision(tx: Tx, { id, to }: Contract, formerTo: Day): Promise<void> {
  await tx.sql(
    `UPDATE contract_revision SET to_day = $2 WHERE contract_id = $1 AND NOT superseded AND to_day = $3`,
    [id, to, formerTo],
  );
}
