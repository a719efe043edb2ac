import { findAll, isSpec, isTypeScript, type Rule } from '../finding';

/** What a pure file may know: the kernel, its neighbours, hashing, and small libraries that touch no outside world. */
const ALLOWED =
  /^(?:\.{1,2}\/|@doorstep\/kernel$|node:crypto$|(?:luxon|rrule-temporal|chinese-days|gcoord)$)/;
const IMPORT =
  /^(?:import|export)\b(?!\s+type\b)[^;'"]*?\bfrom\s+['"]([^'"]+)['"]|^import\s+['"]([^'"]+)['"]/gm;
/** booking.ts, not booking.service.ts; not the files of the folder's wiring. */
const PURE_FILE = /^apps\/[^/]+\/src\/(?!migrations\/)(?:[^/]+\/)+(?!index\.)[^./]+\.ts$/;

/** Domain rules run without Nest, a database or a clock: so they are read and tested by themselves. */
export const purity: Rule = (files) =>
  files
    .filter((file) => isTypeScript(file) && !isSpec(file))
    .filter(({ path }) => PURE_FILE.test(path) || /^libs\/kernel\/src\//.test(path))
    .flatMap((file) =>
      findAll(file, IMPORT, (match) => ({
        rule: 'purity',
        what: `a pure file imports ${String(match[1] ?? match[2])}`,
        mend: 'move what needs it to a file with a role suffix (.service.ts, .queries.ts), or hand the value in',
      })).filter(({ what }) => !mayImport(what.slice('a pure file imports '.length))),
    );

function mayImport(name: string): boolean {
  return ALLOWED.test(name) && !/\.(service|controller|consumer|module|entity|queries|dto)$/.test(name);
}
