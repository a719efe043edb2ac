import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/** What the source says about one class. Decorators don't survive with their comments, so the text is read from it. */
export interface ClassDoc {
  description?: string;
  fields: Map<string, string>;
}

export type ClassDocs = Map<string, ClassDoc>;

/** Reads the doc comments of every class under a folder; syntax only, so nothing has to compile. */
export function readClassDocs(folder: string): ClassDocs {
  const docs: ClassDocs = new Map();
  for (const file of readdirSync(folder).filter(
    (name) => name.endsWith('.ts') && !name.endsWith('.spec.ts'),
  )) {
    const text = readFileSync(join(folder, file), 'utf8');
    for (const [name, doc] of classDocsOf(text)) {
      if (docs.has(name))
        throw new Error(`${join(folder, file)}: a second class is called ${name}; rename one`);
      docs.set(name, doc);
    }
  }
  return docs;
}

export function classDocsOf(source: string): ClassDocs {
  const tree = ts.createSourceFile('contracts.ts', source, ts.ScriptTarget.Latest, true);
  const docs: ClassDocs = new Map();
  for (const node of tree.statements) {
    if (!ts.isClassDeclaration(node) || !node.name) continue;
    const fields = new Map<string, string>();
    for (const member of node.members) {
      const text = commentOf(member);
      if (ts.isPropertyDeclaration(member) && text) fields.set(member.name.getText(tree), text);
    }
    docs.set(node.name.text, { description: commentOf(node), fields });
  }
  return docs;
}

function commentOf(node: ts.Node): string | undefined {
  const comment = ts.getJSDocCommentsAndTags(node).find(ts.isJSDoc)?.comment;
  return ts.getTextOfJSDocComment(comment)?.replace(/\s+/g, ' ').trim();
}
