import { type Language, LANGUAGES, type Words, words } from '@doorstep/kernel';
import { applyDecorators } from '@nestjs/common';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, ValidateIf } from 'class-validator';
import type { Cell, Table } from './table.writer';

/** A column of a file for people: its heading in every language, and what stands below it. */
export interface FileColumn<Row> {
  title: Words;
  cell: (row: Row, language: Language) => Cell;
}

export const column = <Row>(zh: string, en: string, cell: FileColumn<Row>['cell']): FileColumn<Row> => ({
  title: words(zh, en),
  cell,
});

/** Rows as a table in one language; `name` is the sheet's. */
export function tableIn<Row>(
  language: Language,
  name: Words,
  columns: readonly FileColumn<Row>[],
  rows: readonly Row[],
): Table {
  return {
    name: name[language],
    columns: columns.map(({ title }) => title[language]),
    rows: rows.map((row) => columns.map(({ cell }) => cell(row, language))),
  };
}

/** Field of a request: in which language a file or paper is written. Give it the default, `LANGUAGES[0]`. */
export function FileLanguage(): PropertyDecorator {
  return applyDecorators(
    ApiPropertyOptional({
      enum: LANGUAGES,
      description: 'Language of headings and words.',
      default: LANGUAGES[0],
    }),
    ValidateIf((_, value) => value !== undefined),
    IsIn(LANGUAGES),
  );
}
