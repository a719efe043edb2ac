import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import { onStopSignal, type Platform, runCommand, startPlatform, startStack } from '@doorstep/local-stack';
import { benchAvailability } from './availability';
import { benchBilling } from './billing';
import { benchBookings } from './bookings';
import { buildServices } from './build';
import { benchConsumer } from './consumer';
import { benchCoverage } from './coverage';
import { MADE_OF } from './floor/floor-scripts';
import type { Measurement } from './measure';
import { benchNearby } from './nearby';
import { type Options, PARTS, type Part, readOptions, USAGE } from './options';
import { benchPortfolio } from './portfolio';
import { benchRelay } from './relay';
import { type BenchStack } from './service-process';
import { benchSettlement } from './settlement';
import { machineFacts, tableOf, writeReport } from './report';

/** One process here stands for all the front-ends of a city. */
const UNLIMITED = {
  RATE_LIMIT_CLIENT_PER_MINUTE: '100000000',
  RATE_LIMIT_PERSON_PER_MINUTE: '100000000',
};

/** These measure the messaging alone, in this process. */
const BRINGS_ITS_OWN: readonly Part[] = ['relay', 'consumer'];

interface Started {
  stack: BenchStack;
  platform?: Platform;
  stop(): Promise<void>;
}

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  if (options.help) return say(USAGE);
  // The broker's client tells what it does; here that would stand between the figures.
  Logger.overrideLogger(['error', 'warn', 'fatal']);
  const stopping = onStopSignal();
  const dataDir = await mkdtemp(join(tmpdir(), 'doorstep-bench-'));
  try {
    // Stopped while starting: the guardian ends whatever is half up.
    const started = await Promise.race([start(dataDir, options), stopping]);
    if (!started) return stopped();
    try {
      const done = await Promise.race([measureAll(started, options), stopping]);
      if (!done) stopped();
    } finally {
      await started.stop();
    }
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}

/** Bookings need the whole platform; the others start the one service that they measure, or bring what they measure. */
async function start(dataDir: string, { only, source }: Options): Promise<Started> {
  const isWhole = only.includes('bookings');
  if (!source && only.some((part) => !BRINGS_ITS_OWN.includes(part))) await buildServices(say);
  say('starting PostgreSQL, Kafka and Redis …');
  const common = { dataDir, ephemeral: true, say };
  if (!isWhole) {
    const stack = await startStack(common);
    return { stack: Object.assign(stack, { built: !source }), stop: () => stack.stop() };
  }
  const platform = await startPlatform({ ...common, built: !source, env: UNLIMITED });
  return { stack: Object.assign(platform.stack, { built: !source }), platform, stop: () => platform.stop() };
}

async function measureAll(started: Started, options: Options): Promise<true> {
  const { only, report } = options;
  const machine = machineFacts();
  const measurements: Measurement[] = [];
  for (const part of PARTS.filter((each) => only.includes(each))) {
    say(`${part} …`);
    const began = performance.now();
    measurements.push(...(await measure(part, started, options)));
    say(`${part} took ${((performance.now() - began) / 1000).toFixed(1)} s`);
  }
  const floorMadeOf = only.includes('bookings') ? MADE_OF : [];
  say(`\n${tableOf(measurements)}`);
  for (const line of floorMadeOf.length > 0
    ? ['floor of a booking, both databases one after the other:']
    : [])
    say(line);
  for (const line of floorMadeOf) say(`  ${line}`);
  const { cores, memoryMb, node, loadAverage } = machine;
  say(`on ${cores} cores, ${memoryMb} MB, Node ${node}; load average ${loadAverage} before it began`);
  await writeReport(report, {
    at: new Date().toISOString(),
    machine,
    seconds: options.seconds,
    floorMadeOf,
    measurements,
  });
  say(`written to ${report}`);
  return true;
}

async function measure(
  part: Part,
  { stack, platform }: Started,
  { seconds, lines }: Options,
): Promise<Measurement[]> {
  switch (part) {
    case 'bookings':
      return platform ? benchBookings(platform, seconds, say) : [];
    case 'relay':
      return [await benchRelay(stack)];
    case 'consumer':
      return [await benchConsumer(stack)];
    case 'nearby':
      return benchNearby(stack);
    case 'coverage':
      return benchCoverage(stack);
    case 'portfolio':
      return benchPortfolio(stack);
    case 'availability':
      return benchAvailability(stack, seconds, say);
    case 'settlement':
      return benchSettlement(stack, lines);
    case 'billing':
      return benchBilling(stack);
  }
}

function stopped(): void {
  say('\nstopped before it was done');
  process.exitCode = 130;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

// Whatever still waits for an answer when a stop was asked for has nobody to answer to.
void runCommand(main).then(() => process.exit());
