import { sha256Hex } from './digest';
import { DomainError } from './errors';

export const DOCUMENT_TYPES = ['application/pdf', 'image/jpeg', 'image/png'] as const;
export type DocumentType = (typeof DOCUMENT_TYPES)[number];
/** What fits into one JSON body after base64. */
export const DOCUMENT_BYTES_MAX = 700 * 1024;

/** How files of each type begin: what they are is not taken from what they are called. */
const BEGINNINGS: Record<DocumentType, readonly number[]> = {
  'application/pdf': [0x25, 0x50, 0x44, 0x46, 0x2d],
  'image/jpeg': [0xff, 0xd8, 0xff],
  'image/png': [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a],
};

/** The scan of a paper. */
export interface Document {
  name: string;
  contentType: DocumentType;
  bytes: number;
  sha256: string;
  content: Buffer;
}

/** Reads a document out of base64, and refuses what is not what it says; `field` is where it stands in the request. */
export function readDocument(
  given: { name: string; contentType: DocumentType; contentBase64: string },
  field = 'document',
): Document {
  const refused = (code: string, reason: string, mend: string): DomainError =>
    new DomainError('invalid', code, reason, { field: `${field}.contentBase64`, mend });
  const { contentType, contentBase64 } = given;
  const content = Buffer.from(contentBase64, 'base64');
  if (content.toString('base64').replace(/=+$/, '') !== contentBase64.replace(/=+$/, '')) {
    throw refused(
      'document_malformed',
      'The content is not base64.',
      'Encode the file as base64 (RFC 4648 §4).',
    );
  }
  if (content.length === 0 || content.length > DOCUMENT_BYTES_MAX) {
    throw refused(
      'document_size',
      `The document has ${content.length} bytes.`,
      `Send 1 to ${DOCUMENT_BYTES_MAX} bytes; scan it with fewer dots per inch.`,
    );
  }
  if (!BEGINNINGS[contentType].every((byte, at) => content[at] === byte)) {
    throw refused(
      'document_type',
      `The document is no ${contentType}.`,
      'Give the type that the file really has.',
    );
  }
  const name = given.name.replace(/[^\p{L}\p{N}._ -]/gu, '_').slice(0, 200);
  return { name, contentType, bytes: content.length, sha256: sha256Hex(content), content };
}
