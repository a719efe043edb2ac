import ts from 'typescript';
import { type Finding, isSpec, isTypeScript, type Rule, type SourceFile } from '../finding';

const FILE_LINES_MAX = 300;
const FUNCTION_LINES_MAX = 70;

/** A file that needs scrolling for minutes has more than one subject. */
export const fileLength: Rule = (files) =>
  files
    .filter(({ path }) => /\.(ts|tsx|js|mjs|cjs)$/.test(path))
    .flatMap(({ path, text }) => {
      const lines = text.trimEnd().split('\n').length;
      if (lines <= FILE_LINES_MAX) return [];
      return {
        path,
        line: FILE_LINES_MAX + 1,
        rule: 'file-length',
        what: `the file has ${lines} lines, ${FILE_LINES_MAX} are the most`,
        mend: 'move one of its subjects to a file of its own',
      };
    });

/**
 * A function that does not fit a page hides its steps. Lines inside template literals do not count: SQL reads as
 * one piece; and a spec's `describe` is a chapter, not a function.
 */
export const functionLength: Rule = (files) => files.filter(isTypeScript).flatMap(longFunctionsIn);

function longFunctionsIn(file: SourceFile): Finding[] {
  const source = ts.createSourceFile(file.path, file.text, ts.ScriptTarget.Latest, true);
  const findings: Finding[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) && 'body' in node && node.body && !isChapter(node, file)) {
      const lines = linesOf(node, source);
      if (lines > FUNCTION_LINES_MAX) {
        findings.push({
          path: file.path,
          line: source.getLineAndCharacterOfPosition(node.getStart()).line + 1,
          rule: 'function-length',
          what: `${nameOf(node)} has ${lines} lines, ${FUNCTION_LINES_MAX} are the most`,
          mend: 'give its steps names as functions of their own',
        });
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return findings;
}

function linesOf(node: ts.Node, source: ts.SourceFile): number {
  const span = (part: ts.Node): number =>
    source.getLineAndCharacterOfPosition(part.getEnd()).line -
    source.getLineAndCharacterOfPosition(part.getStart()).line;
  let inTemplates = 0;
  const visit = (part: ts.Node): void => {
    if (ts.isNoSubstitutionTemplateLiteral(part) || ts.isTemplateExpression(part)) inTemplates += span(part);
    else ts.forEachChild(part, visit);
  };
  visit(node);
  return span(node) + 1 - inTemplates;
}

function isChapter(node: ts.Node, file: SourceFile): boolean {
  const call = node.parent;
  return isSpec(file) && ts.isCallExpression(call) && /^describe\b/.test(call.expression.getText());
}

function nameOf(node: ts.SignatureDeclaration): string {
  if (node.name) return `${node.name.getText()}()`;
  if (ts.isConstructorDeclaration(node)) return 'the constructor';
  return ts.isVariableDeclaration(node.parent) ? `${node.parent.name.getText()}()` : 'a function';
}
