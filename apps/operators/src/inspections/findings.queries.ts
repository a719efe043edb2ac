import { type Day, type Document, type DocumentType, DomainError, notFound } from '@doorstep/kernel';
import type { Tx } from '@doorstep/platform';
import type { EvidenceDto, ReinspectionDto } from './findings.dto';
import type { Finding } from './finding';

/** Files that one finding may gather. */
const EVIDENCE_MAX = 50;

export interface Papers {
  evidence: EvidenceDto[];
  reinspections: ReinspectionDto[];
}

export async function papersOf(tx: Tx, findingIds: readonly string[]): Promise<Map<string, Papers>> {
  const papers = new Map(findingIds.map((id): [string, Papers] => [id, { evidence: [], reinspections: [] }]));
  const evidence = await tx.sql<EvidenceDto & { finding_id: string }>(
    `SELECT finding_id, id, stage, name, content_type AS "contentType", bytes, sha256
     FROM finding_evidence WHERE finding_id = ANY ($1) ORDER BY id`,
    [findingIds],
  );
  for (const { finding_id, ...file } of evidence) papers.get(finding_id)?.evidence.push(file);
  const again = await tx.sql<ReinspectionDto & { finding_id: string }>(
    `SELECT finding_id, inspected_on AS "on", passed, note
     FROM finding_reinspection WHERE finding_id = ANY ($1) ORDER BY id`,
    [findingIds],
  );
  for (const { finding_id, ...look } of again) papers.get(finding_id)?.reinspections.push(look);
  return papers;
}

/** Keeps a file with a finding; the same file again changes nothing. */
export async function addEvidence(
  tx: Tx,
  finding: Finding,
  document: Document,
  file: { id: string; stage: 'found' | 'rectified'; addedBy: string; at: Date },
): Promise<void> {
  const [{ kept }] = await tx.sql<{ kept: number }>(
    `SELECT count(*)::int AS kept FROM finding_evidence WHERE finding_id = $1`,
    [finding.id],
  );
  if (kept >= EVIDENCE_MAX) {
    throw new DomainError('conflict', 'evidence_full', `The finding has ${kept} files already.`, {
      mend: 'Put several pictures into one PDF.',
    });
  }
  await tx.sql(
    `INSERT INTO finding_evidence
       (id, finding_id, operator_id, site_id, stage, name, content_type, sha256, bytes, content, added_by, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT (finding_id, sha256) DO NOTHING`,
    [
      file.id,
      finding.id,
      finding.operatorId,
      finding.siteId,
      file.stage,
      document.name,
      document.contentType,
      document.sha256,
      document.bytes,
      document.content,
      file.addedBy,
      file.at,
    ],
  );
}

export async function loadEvidence(
  tx: Tx,
  findingId: string,
  evidenceId: string,
): Promise<{ name: string; contentType: DocumentType; content: Buffer }> {
  const [row] = await tx.sql<{ name: string; contentType: DocumentType; content: Buffer }>(
    `SELECT name, content_type AS "contentType", content FROM finding_evidence WHERE finding_id = $1 AND id = $2`,
    [findingId, evidenceId],
  );
  if (!row) throw notFound('evidence', evidenceId);
  return row;
}

export async function noteReinspection(
  tx: Tx,
  finding: Finding,
  look: {
    id: string;
    on: Day;
    passed: boolean;
    note: string | null;
    inspector: { id: string; organisationId: string | null };
    at: Date;
  },
): Promise<void> {
  await tx.sql(
    `INSERT INTO finding_reinspection (id, finding_id, operator_id, site_id, inspected_on, passed, note,
       inspector_organisation_id, inspector_id, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [
      look.id,
      finding.id,
      finding.operatorId,
      finding.siteId,
      look.on,
      look.passed,
      look.note,
      look.inspector.organisationId,
      look.inspector.id,
      look.at,
    ],
  );
}
