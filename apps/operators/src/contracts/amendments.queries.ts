import { type Day, notFound } from '@doorstep/kernel';
import type { Tx } from '@doorstep/platform';
import type { Amendment, AmendmentChanges, AmendmentStatus } from './amendment';
import type { Contract, Party, Signature } from './contract';

export interface StoredAmendment extends Amendment {
  proposedBy: string;
  createdAt: Date;
}

interface AmendmentRow {
  id: string;
  contract_id: string;
  ordinal: number;
  effective_on: Day;
  changes: AmendmentChanges;
  note: string | null;
  status: AmendmentStatus;
  proposed_by: string;
  version: number;
  created_at: Date;
  signatures: { party: Party; personId: string; at: string; digest: string }[] | null;
}

const SELECT = `
  SELECT a.*,
    (SELECT json_agg(json_build_object('party', s.party, 'personId', s.person_id, 'at', s.signed_at, 'digest', s.digest)
                     ORDER BY s.signed_at, s.party)
     FROM amendment_signature s WHERE s.amendment_id = a.id) AS signatures
  FROM contract_amendment a`;

/** To be called with the contract locked: its amendments are changed under that lock alone. */
export async function loadAmendment(tx: Tx, contractId: string, id: string): Promise<StoredAmendment> {
  const [row] = await tx.sql<AmendmentRow>(`${SELECT} WHERE a.id = $1 AND a.contract_id = $2`, [
    id,
    contractId,
  ]);
  if (!row) throw notFound('amendment', id);
  return amendmentOf(row);
}

export async function listAmendments(
  tx: Tx,
  contractId: string,
  page: { after?: number; limit: number },
): Promise<StoredAmendment[]> {
  const rows = await tx.sql<AmendmentRow>(
    `${SELECT} WHERE a.contract_id = $1 AND a.ordinal > $2 ORDER BY a.ordinal LIMIT $3`,
    [contractId, page.after ?? 0, page.limit],
  );
  return rows.map(amendmentOf);
}

export async function nextOrdinal(tx: Tx, contractId: string): Promise<number> {
  const [{ next }] = await tx.sql<{ next: number }>(
    `SELECT coalesce(max(ordinal), 0) + 1 AS next FROM contract_amendment WHERE contract_id = $1`,
    [contractId],
  );
  return next;
}

export async function insertAmendment(tx: Tx, contract: Contract, amendment: StoredAmendment): Promise<void> {
  await tx.sql(
    `INSERT INTO contract_amendment
       (id, contract_id, operator_id, authority_id, ordinal, effective_on, changes, note, status, proposed_by, version,
        created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
    [
      amendment.id,
      contract.id,
      contract.operatorId,
      contract.authorityId,
      amendment.ordinal,
      amendment.effectiveOn,
      JSON.stringify(amendment.changes),
      amendment.note,
      amendment.status,
      amendment.proposedBy,
      amendment.version,
      amendment.createdAt,
    ],
  );
}

export async function saveAmendment(tx: Tx, { id, status, version }: Amendment): Promise<void> {
  await tx.sql(`UPDATE contract_amendment SET status = $2, version = $3 WHERE id = $1`, [
    id,
    status,
    version,
  ]);
}

export async function saveAmendmentSignature(
  tx: Tx,
  contract: Contract,
  amendment: Amendment,
  signature: Signature,
): Promise<void> {
  await tx.sql(
    `INSERT INTO amendment_signature (amendment_id, party, operator_id, authority_id, person_id, digest, signed_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    [
      amendment.id,
      signature.party,
      contract.operatorId,
      contract.authorityId,
      signature.personId,
      signature.digest,
      signature.at,
    ],
  );
}

function amendmentOf(row: AmendmentRow): StoredAmendment {
  return {
    id: row.id,
    contractId: row.contract_id,
    ordinal: row.ordinal,
    effectiveOn: row.effective_on,
    changes: row.changes,
    note: row.note,
    status: row.status,
    signatures: (row.signatures ?? []).map((signature) => ({ ...signature, at: new Date(signature.at) })),
    proposedBy: row.proposed_by,
    version: row.version,
    createdAt: row.created_at,
  };
}
