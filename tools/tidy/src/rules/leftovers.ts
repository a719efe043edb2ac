import { findAll, isTypeScript, type Rule } from '../finding';

/** Put together here so that this file does not find itself. */
const MARKS = new RegExp(`\\b(?:${['TO' + 'DO', 'FIX' + 'ME'].join('|')})\\b`, 'g');

/** A note to oneself in the code is work that nobody will find again. */
export const leftoverMarks: Rule = (files) =>
  files.flatMap((file) =>
    findAll(file, MARKS, ([mark]) => ({
      rule: 'leftover-mark',
      what: `${mark} was left behind`,
      mend: 'do it, or write the limit down as a fact where users read it',
    })),
  );

const MACHINE_PATH =
  /(?<![\w.])(?:\/home\/(?!node\b)\w[\w.-]*\/|\/Users\/\w[\w.-]*\/|\/root\/|\/work\/|[A-Z]:\\Users\\)/g;
/** A package registry's address, and what npm writes into the lock file when it is not told to leave it out. */
const REGISTRY =
  /https?:\/\/[\w.-]*(?:registry|artifactory|nexus|verdaccio|npmmirror)[\w.-]*|"resolved": "https?:/gi;

/** What is true on one machine only breaks on the next. */
export const machinePaths: Rule = (files) =>
  files.flatMap((file) => [
    ...findAll(file, MACHINE_PATH, ([path]) => ({
      rule: 'machine-path',
      what: `${path} is a folder of somebody's machine`,
      mend: 'use a path relative to the repository, or read it from the environment',
    })),
    ...findAll(file, REGISTRY, ([host]) => ({
      rule: 'registry-host',
      what: `${host} names a package registry`,
      mend: 'leave the registry to the user’s npm settings; in package-lock.json: npm install with omit-lockfile-registry-resolved',
    })),
  ]);

const EXCEPTION = new RegExp(`(?:eslint-dis${'able'}|@ts-(?:ignore|nocheck|expect-error))[^\\n]*`, 'g');

/** Switching a rule off is fine with a reason that the next reader can weigh. */
export const reasonedExceptions: Rule = (files) =>
  files.filter(isTypeScript).flatMap((file) =>
    findAll(file, EXCEPTION, ([words]) => ({
      rule: 'reasoned-exception',
      what: words.trim(),
      mend: 'add -- and the reason behind it',
    })).filter(({ what }) => !/ -- \S/.test(what)),
  );
