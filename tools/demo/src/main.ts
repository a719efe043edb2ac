import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { onStopSignal, PlainFailure, runCommand, startPlatform } from '@doorstep/local-stack';
import { loadArea } from './city';
import { playTheDay } from './play';
import { Progress, say } from './progress';
import { DayClock } from './rehearsal-clock';
import { printReport, reportAsJson, type Report } from './report';

const USAGE = `npm run demo -- [options]
  --city 3101          four digits of the statistics code: 3101 is Shanghai, 3301 Hangzhou;
                       3101,3301 puts both under one contract
  --communities 100    how many communities take part, up to all; several cities share them
  --seed 1             plays the same day for the same seed
  --once               play, report, stop; exits with 1 when a check fails
  --report FILE        write the report as JSON`;

interface Options {
  cities: string[];
  communities: number;
  seed: number;
  once: boolean;
  report?: string;
}

function readOptions(): Options {
  try {
    const { values } = parseArgs({
      options: {
        city: { type: 'string', default: '3101' },
        communities: { type: 'string', default: '100' },
        seed: { type: 'string', default: '1' },
        once: { type: 'boolean', default: false },
        report: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    });
    if (values.help) {
      say(USAGE);
      process.exit(0);
    }
    return {
      cities: values.city.split(',').map((code) => code.trim()),
      communities: wholeNumber('--communities', values.communities, 1),
      seed: wholeNumber('--seed', values.seed, 0),
      once: values.once,
      report: values.report,
    };
  } catch (error) {
    throw error instanceof PlainFailure ? error : new PlainFailure(`${(error as Error).message}\n\n${USAGE}`);
  }
}

function wholeNumber(name: string, text: string, min: number): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < min)
    throw new PlainFailure(`${name} is a whole number from ${min} up, not ${text}.`);
  return value;
}

async function main(): Promise<void> {
  const began = Date.now();
  const options = readOptions();
  const stopping = onStopSignal();
  const area = loadArea(options.cities, options.communities, options.seed);
  // Each run plays on an empty platform of its own; what `npm start` keeps is not touched.
  const dataDir = resolve('.doorstep', 'demo');
  rmSync(dataDir, { recursive: true, force: true });
  mkdirSync(dataDir, { recursive: true });
  const clock = new DayClock(join(dataDir, 'clock'));

  say(`Doorstep: one day in ${area.communities.length} communities of ${area.name}\n`);
  const platform = await startPlatform({
    dataDir: join(dataDir, 'data'),
    ephemeral: true,
    env: {
      CLOCK_FILE: clock.file,
      // One process here stands for all the front-ends and desks of whole cities.
      RATE_LIMIT_CLIENT_PER_MINUTE: '1000000',
      RATE_LIMIT_PERSON_PER_MINUTE: '1000000',
    },
    say,
  });
  const progress = new Progress();
  const stackUp = (Date.now() - began) / 1000;
  try {
    const played = await Promise.race([playTheDay(platform, area, clock, options.seed, progress), stopping]);
    progress.stop();
    if (!played) return;
    const report: Report = {
      ...played,
      seconds: { stackUp, total: (Date.now() - began) / 1000 },
    };
    printReport(report);
    if (options.report) writeFileSync(options.report, reportAsJson(report));
    if (options.once) {
      process.exitCode = report.checks.every((check) => check.ok) ? 0 : 1;
      return;
    }
    say(
      `\nIt keeps running: the API is at ${platform.gatewayUrl}/v1, its documentation at ${platform.gatewayUrl}/v1/docs`,
    );
    say(
      `Sign in as ${platform.adminLogin} with ${platform.adminPassword ?? 'the password shown above'} · Ctrl-C stops all of it.`,
    );
    await stopping;
  } finally {
    progress.stop();
    await platform.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

// Whatever still waits for an answer when a stop was asked for has nobody to answer to.
void runCommand(main).then(() => process.exit());
