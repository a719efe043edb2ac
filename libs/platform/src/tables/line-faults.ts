import { DomainError } from '@doorstep/kernel';

/** What is wrong with a cell of a file. */
export interface LineFault {
  file: string;
  line: number;
  /** Column, '' for the line as a whole. */
  field: string;
  reason: string;
  mend: string;
}

/** Faults named in one refusal; the rest is counted. */
const SHOWN_MAX = 100;

/** Counts every fault of a file, keeps the first hundred, and refuses the file when there is one. */
export class LineFaults {
  count = 0;
  private readonly shown: LineFault[] = [];

  constructor(
    /** The refusal's code. */
    private readonly code: string,
  ) {}

  add(...faults: LineFault[]): void {
    this.count += faults.length;
    this.shown.push(...faults.slice(0, SHOWN_MAX - this.shown.length));
  }

  refuse(): void {
    if (this.count === 0) return;
    const [first] = this.shown;
    const where = `${first.file} line ${first.line}: ${first.field} ${first.reason}`;
    throw new DomainError('invalid', this.code, `Nothing was imported: ${where}.`, {
      mend: 'Correct the lines listed in errors and import the whole file again.',
      faults: this.count,
      errors: this.shown.map(({ file, line, field, reason, mend }) => ({
        field: `${file}:${line}${field && `.${field}`}`,
        reason: `${file} line ${line}: ${field} ${reason}.`,
        mend,
      })),
    });
  }
}
