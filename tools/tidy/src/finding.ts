/** One file as the rules see it. */
export interface SourceFile {
  /** From the repository's root, with forward slashes. */
  path: string;
  text: string;
}

/** A broken house rule: where, what, and how to mend it. */
export interface Finding {
  path: string;
  /** From 1. */
  line: number;
  rule: string;
  what: string;
  mend: string;
}

/** A house rule looks at all files at once; most look at each one alone. */
export type Rule = (files: readonly SourceFile[]) => Finding[];

export const say = ({ path, line, rule, what, mend }: Finding): string =>
  `${path}:${line}  ${what} → ${mend} (${rule})`;

export function lineAt(text: string, index: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at !== -1 && at < index; at = text.indexOf('\n', at + 1)) line++;
  return line;
}

export const isTypeScript = ({ path }: SourceFile): boolean => /\.tsx?$/.test(path);
export const isSpec = ({ path }: SourceFile): boolean => /[.-]spec\.tsx?$/.test(path);

/** Every match of a pattern in a file, as findings. */
export function findAll(
  file: SourceFile,
  pattern: RegExp,
  describe: (match: RegExpExecArray) => Pick<Finding, 'rule' | 'what' | 'mend'>,
): Finding[] {
  return [...file.text.matchAll(pattern)].map((match) => ({
    path: file.path,
    line: lineAt(file.text, match.index),
    ...describe(match),
  }));
}
