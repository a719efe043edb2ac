import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { classDocsOf, readClassDocs } from './doc-comments';

describe('doc comments read from source', () => {
  it('belong to the class and the field below them, decorators between or not', () => {
    const docs = classDocsOf(`
      /** A span. \`closes\` may be
       *  after midnight. */
      @Some() export class Span {
        /** From. */ @IsInt() opens: number;
        closes: number;
        /** Not a field. */ length(): number { return 0; }
      }
      class Bare {}
    `);
    expect(docs.get('Span')?.description).toBe('A span. `closes` may be after midnight.');
    expect([...(docs.get('Span')?.fields ?? [])]).toEqual([['opens', 'From.']]);
    expect(docs.get('Bare')).toEqual({ description: undefined, fields: new Map() });
  });

  it('come from every file of a folder but its specs; a name is used once', () => {
    const folder = mkdtempSync(join(tmpdir(), 'doc-comments-'));
    try {
      writeFileSync(join(folder, 'a.ts'), '/** One. */ class One {}');
      writeFileSync(join(folder, 'a.spec.ts'), 'class One {}');
      expect(readClassDocs(folder).get('One')?.description).toBe('One.');
      writeFileSync(join(folder, 'b.ts'), 'class One {}');
      expect(() => readClassDocs(folder)).toThrow('a second class is called One');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
