import { type Finding, findAll, isSpec, type Rule, type SourceFile } from '../finding';

/** `booking.spec.ts` stands beside `booking.ts`, `booking.cancellation.spec.ts` too. Stories have folders of their own. */
export const specPlacement: Rule = (files) => {
  const subjects = new Set(files.filter((file) => !isSpec(file)).map(({ path }) => subjectOf(path)));
  return files
    .filter(({ path }) => /[^/]\.spec\.tsx?$/.test(path))
    .filter(({ path }) => !subjects.has(subjectOf(path)))
    .map(({ path }) => ({
      path,
      line: 1,
      rule: 'spec-placement',
      what: 'the spec stands beside nothing that bears its name',
      mend: 'put it beside the file that it is about, and begin its name with that file’s; stories that cross services go to scenarios/',
    }));
};

/** The folder and the file's first word: apps/x/src/booking/booking.queries.ts → apps/x/src/booking/booking */
function subjectOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return path.slice(0, slash + 1) + (path.slice(slash + 1).split('.')[0] ?? '');
}

const BARRED: [RegExp, string][] = [
  [/\b(?:it|test|describe)(?:\.concurrent)?\s*\.\s*(?:skip|todo|failing)\b/g, 'is skipped'],
  [/\b(?:xit|xtest|xdescribe)\s*\(/g, 'is skipped'],
  [/\b(?:it|test|describe)(?:\.concurrent)?\s*\.\s*only\b/g, 'keeps the others from running'],
  [/\b(?:fit|fdescribe)\s*\(/g, 'keeps the others from running'],
];

/** A skipped test is a green light over an open trench. */
export const everyTestRuns: Rule = (files) => files.filter(isSpec).flatMap(barredIn);

function barredIn(file: SourceFile): Finding[] {
  return BARRED.flatMap(([pattern, why]) =>
    findAll(file, pattern, ([words]) => ({
      rule: 'every-test-runs',
      what: `${words.replace(/\s*\($/, '')} ${why}`,
      mend: 'let it run and pass, or delete it',
    })),
  );
}
