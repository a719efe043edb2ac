import { type Day, type Document, type DocumentType, notFound } from '@doorstep/kernel';
import type { Tx } from '@doorstep/platform';
import type { Licence } from './licence';
import type { DocumentDto } from './licences.dto';

/** A licence as it is stored. */
export interface StoredLicence extends Licence {
  createdAt: Date;
  document: DocumentDto | null;
}

interface LicenceRow {
  id: string;
  operator_id: string;
  site_id: string;
  type: string;
  number: string;
  issuer: string | null;
  valid_from: Day;
  valid_to: Day | null;
  revoked_on: Day | null;
  revoked_reason: string | null;
  renews: string | null;
  version: number;
  created_at: Date;
  document: DocumentDto | null;
}

const SELECT = `
  SELECT l.*,
    (SELECT json_build_object('name', d.name, 'contentType', d.content_type, 'bytes', d.bytes, 'sha256', d.sha256)
     FROM licence_document d WHERE d.licence_id = l.id) AS document
  FROM licence l`;

/** Another licence of the same site and type that holds on a day. */
export const anotherHolds = (day: string): string => `EXISTS (
  SELECT FROM licence n
  WHERE n.site_id = l.site_id AND n.type = l.type AND n.id <> l.id
    AND n.valid_from <= ${day} AND (n.valid_to IS NULL OR n.valid_to > ${day})
    AND (n.revoked_on IS NULL OR n.revoked_on > ${day}))`;

export const AT_OPEN_SITE = `
  EXISTS (SELECT FROM known_site k WHERE k.site_id = l.site_id AND k.status <> 'closed')`;

/**
 * Which licences `l` ask somebody to act: those that run out or are taken away by a day, and nothing holds from then on;
 * of those that are out already only a type's last one, and only while an offering takes no bookings for want of it.
 * What nobody needs any more, and what has been replaced since, may rest.
 */
export function dueFor(today: string, by: string): string {
  const end = 'least(l.valid_to, l.revoked_on)';
  return `(
  ${end} <= ${by} AND NOT ${anotherHolds(`greatest(${end}, ${today})`)}
  AND ${AT_OPEN_SITE}
  AND (${end} > ${today} OR (
    NOT EXISTS (
      SELECT FROM licence n WHERE n.site_id = l.site_id AND n.type = l.type
        AND least(n.valid_to, n.revoked_on) <= ${today} AND (least(n.valid_to, n.revoked_on), n.id) > (${end}, l.id))
    AND EXISTS (
      SELECT FROM site_licence_standing s CROSS JOIN LATERAL jsonb_array_elements(s.blocks) b
      JOIN known_offering o ON o.site_id = s.site_id AND o.active AND o.kind = b->>'kind'
        AND coalesce(b->>'offeringId', o.offering_id::text) = o.offering_id::text
      WHERE s.site_id = l.site_id AND b->>'licenceType' = l.type))))`;
}

export async function loadLicence(
  tx: Tx,
  id: string,
  options: { lock?: boolean } = {},
): Promise<StoredLicence> {
  if (options.lock) await tx.sql(`SELECT FROM licence WHERE id = $1 FOR UPDATE`, [id]);
  const [row] = await tx.sql<LicenceRow>(`${SELECT} WHERE l.id = $1`, [id]);
  if (!row) throw notFound('licence', id);
  return licenceOf(row);
}

export async function licencesOfSites(tx: Tx, siteIds: readonly string[]): Promise<Licence[]> {
  const rows = await tx.sql<LicenceRow>(
    `SELECT l.*, NULL AS document FROM licence l WHERE l.site_id = ANY ($1)`,
    [siteIds],
  );
  return rows.map(licenceOf);
}

export interface LicenceFilter {
  siteId?: string;
  type?: string;
  /** Only those that ask somebody to act until `by`. */
  due?: { today: Day; by: Day };
  /** Only of these sites. */
  siteIds?: readonly string[];
  after?: string;
  limit: number;
}

export async function listLicences(tx: Tx, filter: LicenceFilter): Promise<StoredLicence[]> {
  const rows = await tx.sql<LicenceRow>(
    `${SELECT}
     WHERE ($1::uuid IS NULL OR l.id > $1)
       AND ($2::uuid IS NULL OR l.site_id = $2)
       AND ($3::text IS NULL OR l.type = $3)
       AND ($4::date IS NULL OR ${dueFor('$5::date', '$4::date')})
       AND ($6::uuid[] IS NULL OR l.site_id = ANY ($6))
     ORDER BY l.id LIMIT $7`,
    [
      filter.after ?? null,
      filter.siteId ?? null,
      filter.type ?? null,
      filter.due?.by ?? null,
      filter.due?.today ?? null,
      filter.siteIds ?? null,
      filter.limit,
    ],
  );
  return rows.map(licenceOf);
}

export async function insertDocument(tx: Tx, licence: Licence, document: Document): Promise<void> {
  await tx.sql(
    `INSERT INTO licence_document (licence_id, operator_id, site_id, name, content_type, sha256, bytes, content)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      licence.id,
      licence.operatorId,
      licence.siteId,
      document.name,
      document.contentType,
      document.sha256,
      document.bytes,
      document.content,
    ],
  );
}

export async function loadDocument(
  tx: Tx,
  licenceId: string,
): Promise<{ name: string; contentType: DocumentType; content: Buffer }> {
  const [row] = await tx.sql<{ name: string; content_type: DocumentType; content: Buffer }>(
    `SELECT name, content_type, content FROM licence_document WHERE licence_id = $1`,
    [licenceId],
  );
  if (!row) throw notFound('document of licence', licenceId);
  return { name: row.name, contentType: row.content_type, content: row.content };
}

function licenceOf(row: LicenceRow): StoredLicence {
  return {
    id: row.id,
    operatorId: row.operator_id,
    siteId: row.site_id,
    type: row.type,
    number: row.number,
    issuer: row.issuer,
    validFrom: row.valid_from,
    validTo: row.valid_to,
    revokedOn: row.revoked_on,
    revokedReason: row.revoked_reason,
    renews: row.renews,
    version: row.version,
    createdAt: row.created_at,
    document: row.document,
  };
}
