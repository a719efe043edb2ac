import 'reflect-metadata';
import { SingleBar } from 'cli-progress';
import { runImportRegions } from './import-regions.command';

const bar = new SingleBar({
  format: '{phase} [{bar}] {value} of {total} rows',
  hideCursor: true,
  clearOnComplete: true,
});
let phase = '';

void runImportRegions(
  process.argv.slice(2),
  process.env,
  (text) => {
    bar.stop();
    console.log(text);
  },
  ({ phase: now, rows, of = rows }) => {
    if (now !== phase) bar.start(of, rows, { phase: now.padEnd(8) });
    phase = now;
    bar.setTotal(of);
    bar.update(rows);
  },
).then((code) => {
  process.exitCode = code;
});
