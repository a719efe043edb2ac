import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { sayChange } from './compatibility';
import { changesSincePublished, generatedFiles } from './documents';
import { describeEvents, EVENTS_FOLDER, ROOT } from './events';

/** `npm run events`: writes docs/events from libs/contracts, unless that would break a published event. */
function main(): void {
  for (const folder of ['schemas', 'samples']) mkdirSync(join(EVENTS_FOLDER, folder), { recursive: true });
  const events = describeEvents();
  const changes = changesSincePublished(events);
  for (const change of changes) console.log(`${change.severity}: ${sayChange(change.type, change)}`);
  if (changes.some((change) => change.severity === 'breaking')) {
    console.error('Nothing was written: published events would break.');
    process.exitCode = 1;
    return;
  }
  const stale = generatedFiles(events).filter(
    ({ path, text }) => !existsSync(path) || readFileSync(path, 'utf8') !== text,
  );
  for (const { path, text } of stale) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    console.log(`written: ${relative(ROOT, path)}`);
  }
  for (const { type, sample } of events) {
    if (sample === undefined) console.log(`missing: docs/events/samples/${type}.json; write one by hand`);
  }
  if (stale.length === 0) console.log(`docs/events is up to date (${events.length} events)`);
}

main();
