import type { DocumentType } from '@doorstep/kernel';

export interface EvidenceRow {
  id: string;
  bookingId: string;
  residentId: string;
  kind: 'photo' | 'signature';
  name: string;
  contentType: DocumentType;
  bytes: number;
  sha256: string;
  addedBy: string;
  addedAt: Date;
}

const EVIDENCE = `
  id, booking_id AS "bookingId", resident_id AS "residentId", kind, name, content_type AS "contentType", bytes, sha256,
  added_by AS "addedBy", added_at AS "addedAt"`;

/** What is kept of some visits, without the files. */
export const EVIDENCE_OF = `
  SELECT ${EVIDENCE} FROM visit_evidence WHERE booking_id = ANY ($1::uuid[]) ORDER BY booking_id, position`;

export const EVIDENCE_FILE = `SELECT ${EVIDENCE}, sealed FROM visit_evidence WHERE id = $1 AND booking_id = $2`;

/** `$4`: its place among the files of the visit, from 1. */
export const ADD_EVIDENCE = `
  INSERT INTO visit_evidence (id, operator_id, booking_id, position, resident_id, kind, name, content_type, sha256, bytes,
                              sealed, added_by, added_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`;
