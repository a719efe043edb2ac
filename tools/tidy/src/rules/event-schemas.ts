import { findAll, type Rule } from '../finding';

/** Other teams read docs/events, not our classes: each event has its committed schema there. */
export const eventSchemas: Rule = (files) => {
  const present = new Set(files.map(({ path }) => path));
  return files
    .filter(({ path }) => path.startsWith('libs/contracts/src/') && !path.endsWith('.spec.ts'))
    .flatMap((file) =>
      findAll(file, /@EventType\(\{[^}]*?\btype:\s*'([^']+)'/g, ([, type]) => ({
        rule: 'event-schema',
        what: `event ${String(type)} has no schema docs/events/schemas/${String(type)}.json`,
        mend: 'run npm run events and commit docs/events',
      })).filter(({ what }) => !present.has(what.split(' ').at(-1) as string)),
    );
};
