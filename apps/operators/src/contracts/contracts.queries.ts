import { type Day, notFound } from '@doorstep/kernel';
import { type Database, SYSTEM_ACTOR, type Tx } from '@doorstep/platform';
import type { Contract, ContractForm, ContractStatus, Party, Signature } from './contract';
import type { ContractTerms } from './terms';

/** A contract as it is stored, with what the domain has no use for. */
export interface StoredContract extends Contract {
  /** Why the calendar could not put it into force. */
  activationRefusal: { code: string; reason: string; siteIds?: string[] } | null;
  /** Revision of the terms that hold on the day it was read for. */
  revision: number;
  createdAt: Date;
}

interface ContractRow {
  id: string;
  operator_id: string;
  authority_id: string;
  number: string;
  form: ContractForm;
  from_day: Day;
  to_day: Day;
  ends_on: Day | null;
  status: ContractStatus;
  status_reason: string | null;
  activation_refusal: StoredContract['activationRefusal'];
  version: number;
  created_at: Date;
  revision: number;
  terms: ContractTerms;
  signatures: { party: Party; personId: string; at: string; digest: string }[] | null;
}

/** The terms of a day; before the contract begins those of its first day, after its end those of its last. */
const SELECT = `
  SELECT c.*, r.revision, r.terms,
    (SELECT json_agg(json_build_object('party', s.party, 'personId', s.person_id, 'at', s.signed_at, 'digest', s.digest)
                     ORDER BY s.signed_at, s.party)
     FROM contract_signature s WHERE s.contract_id = c.id) AS signatures
  FROM contract c
  JOIN LATERAL (
    SELECT v.revision, v.terms FROM contract_revision v
    WHERE v.contract_id = c.id AND NOT v.superseded
      AND daterange(v.from_day, v.to_day) @> greatest(c.from_day, least($1::date, c.to_day - 1))
  ) r ON true`;

/** The contract with the terms of a day, if the current actor may see it; locked, if they may change it. */
export async function loadContract(
  tx: Tx,
  id: string,
  options: { on: Day; lock?: boolean },
): Promise<StoredContract> {
  // The lock comes first, in a statement of its own: one that waits for a lock still reads the other tables as they
  // were when it began, and would miss a signature that the other one brought.
  if (options.lock) await tx.sql(`SELECT FROM contract WHERE id = $1 FOR UPDATE`, [id]);
  const [row] = await tx.sql<ContractRow>(`${SELECT} WHERE c.id = $2`, [options.on, id]);
  if (!row) throw notFound('contract', id);
  return contractOf(row);
}

export interface ContractFilter {
  status?: ContractStatus;
  operatorId?: string;
  authorityId?: string;
  siteId?: string;
  number?: string;
  /** Id after which the page begins. */
  after?: string;
  limit: number;
}

export async function listContracts(tx: Tx, on: Day, filter: ContractFilter): Promise<StoredContract[]> {
  const rows = await tx.sql<ContractRow>(
    `${SELECT}
     WHERE ($2::uuid IS NULL OR c.id > $2)
       AND ($3::text IS NULL OR c.status = $3)
       AND ($4::uuid IS NULL OR c.operator_id = $4)
       AND ($5::uuid IS NULL OR c.authority_id = $5)
       AND ($6::text IS NULL OR c.number = $6)
       AND ($7::uuid IS NULL OR EXISTS (
         SELECT FROM contract_site s WHERE s.contract_id = c.id AND s.site_id = $7 AND NOT s.withdrawn))
     ORDER BY c.id LIMIT $8`,
    [
      on,
      filter.after ?? null,
      filter.status ?? null,
      filter.operatorId ?? null,
      filter.authorityId ?? null,
      filter.number ?? null,
      filter.siteId ?? null,
      filter.limit,
    ],
  );
  return rows.map(contractOf);
}

/** False when the authority has used the number before. */
export async function insertContract(tx: Tx, contract: Contract, createdAt: Date): Promise<boolean> {
  const inserted = await tx.sql(
    `INSERT INTO contract
       (id, operator_id, authority_id, number, form, from_day, to_day, status, version, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
     ON CONFLICT ON CONSTRAINT contract_number_once DO NOTHING RETURNING id`,
    [
      contract.id,
      contract.operatorId,
      contract.authorityId,
      contract.number,
      contract.form,
      contract.from,
      contract.to,
      contract.status,
      contract.version,
      createdAt,
    ],
  );
  if (inserted.length === 0) return false;
  await tx.sql(
    `INSERT INTO contract_revision
       (contract_id, revision, operator_id, authority_id, from_day, to_day, terms, created_at)
     VALUES ($1, 1, $2, $3, $4, $5, $6, $7)`,
    [
      contract.id,
      contract.operatorId,
      contract.authorityId,
      contract.from,
      contract.to,
      JSON.stringify(contract.terms),
      createdAt,
    ],
  );
  return true;
}

/** Writes a changed draft: its head, its only revision, and no signatures any more. */
export async function saveDraft(tx: Tx, contract: Contract): Promise<void> {
  await tx.sql(
    `UPDATE contract SET number = $2, form = $3, from_day = $4, to_day = $5, version = $6 WHERE id = $1`,
    [contract.id, contract.number, contract.form, contract.from, contract.to, contract.version],
  );
  await tx.sql(
    `UPDATE contract_revision SET from_day = $2, to_day = $3, terms = $4 WHERE contract_id = $1 AND revision = 1`,
    [contract.id, contract.from, contract.to, JSON.stringify(contract.terms)],
  );
  await dropSignatures(tx, contract.id);
}

export async function dropSignatures(tx: Tx, contractId: string): Promise<void> {
  await tx.sql(`DELETE FROM contract_signature WHERE contract_id = $1`, [contractId]);
}

export async function saveSignature(tx: Tx, contract: Contract, signature: Signature): Promise<void> {
  await tx.sql(
    `INSERT INTO contract_signature (contract_id, party, operator_id, authority_id, person_id, digest, signed_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    [
      contract.id,
      signature.party,
      contract.operatorId,
      contract.authorityId,
      signature.personId,
      signature.digest,
      signature.at,
    ],
  );
}

/** Writes what a life-cycle command has changed. */
export async function saveStanding(tx: Tx, contract: Contract): Promise<void> {
  await tx.sql(
    `UPDATE contract SET status = $2, status_reason = $3, ends_on = $4, version = $5, activation_refusal = NULL,
       begun = begun OR $2 IN ('active', 'suspended')
     WHERE id = $1`,
    [contract.id, contract.status, contract.statusReason, contract.endsOn, contract.version],
  );
}

/** Whether the authority has another contract of that number, with whomever: another operator's can't be seen by this one. */
export async function numberTaken(
  db: Database,
  { id, authorityId, number }: Pick<Contract, 'id' | 'authorityId' | 'number'>,
): Promise<boolean> {
  const rows = await db.readAs(SYSTEM_ACTOR, (tx) =>
    tx.sql(`SELECT FROM contract WHERE authority_id = $1 AND number = $2 AND id <> $3`, [
      authorityId,
      number,
      id,
    ]),
  );
  return rows.length > 0;
}

function contractOf(row: ContractRow): StoredContract {
  return {
    id: row.id,
    operatorId: row.operator_id,
    authorityId: row.authority_id,
    number: row.number,
    form: row.form,
    from: row.from_day,
    to: row.to_day,
    endsOn: row.ends_on,
    terms: row.terms,
    revision: row.revision,
    signatures: (row.signatures ?? []).map((signature) => ({ ...signature, at: new Date(signature.at) })),
    status: row.status,
    statusReason: row.status_reason,
    activationRefusal: row.activation_refusal,
    version: row.version,
    createdAt: row.created_at,
  };
}
