import { sha256Hex } from './digest';
import { DomainError } from './errors';
import { DOCUMENT_BYTES_MAX, type DocumentType, readDocument } from './document';

const PDF = Buffer.from('%PDF-1.7 scan');
const read = (content: string | Buffer, contentType: DocumentType = 'application/pdf', name = '许可证.pdf') =>
  readDocument({
    name,
    contentType,
    contentBase64: typeof content === 'string' ? content : content.toString('base64'),
  });
const codeOf = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    if (error instanceof DomainError) return error.code;
  }
  return 'taken';
};

describe('a document', () => {
  it('is kept with its SHA-256', () => {
    expect(read(PDF)).toMatchObject({ name: '许可证.pdf', bytes: 13, sha256: sha256Hex(PDF) });
  });

  it('has a name that is safe in a header and a folder', () => {
    expect(read(PDF, 'application/pdf', '../a"b\r\nc.pdf').name).toBe('.._a_b__c.pdf');
  });

  it.each<[string, () => unknown]>([
    ['document_malformed', () => read('not base64!')],
    ['document_size', () => read('')],
    ['document_size', () => read(Buffer.concat([PDF, Buffer.alloc(DOCUMENT_BYTES_MAX)]))],
    ['document_type', () => read(Buffer.from('<html>'))],
    ['document_type', () => read(PDF, 'image/png')],
  ])('is refused with %s', (code, work) => expect(codeOf(work)).toBe(code));
});
