import { parseArgs } from 'node:util';
import { PlainFailure } from '@doorstep/local-stack';

/** What can be measured, in the order in which it is. */
export const PARTS = [
  'bookings',
  'relay',
  'consumer',
  'nearby',
  'coverage',
  'portfolio',
  'availability',
  'settlement',
  'billing',
] as const;
export type Part = (typeof PARTS)[number];

export interface Options {
  only: Part[];
  /** How long the load of bookings lasts; its floors take a fifth of that each, at least 2 s. */
  seconds: number;
  /** Lines of the settlement file. */
  lines: number;
  report: string;
  /** Services are measured on their sources; else they are built first, and measured as they are deployed. */
  source: boolean;
  help: boolean;
}

export const USAGE = `npm run bench -- [options]
  --only bookings,relay   some of: ${PARTS.join(', ')}; default all
  --seconds 15            how long bookings are made, 3 to 60
  --lines 1000000         of the settlement file, 1000 to 2000000; fewer say less about what grows
  --report FILE           where the figures go as JSON; default .doorstep/bench.json
  --source                services from their sources, instead of building them first`;

const SECONDS_MIN = 3;
const SECONDS_MAX = 60;
const LINES_MIN = 1_000;
const LINES_MAX = 2_000_000;

/** The command line as options, or a refusal in plain words. */
export function readOptions(args: string[]): Options {
  const values = parse(args);
  const seconds = wholeNumber('seconds', values.seconds, SECONDS_MIN, SECONDS_MAX);
  const lines = wholeNumber('lines', values.lines, LINES_MIN, LINES_MAX);
  const asked = values.only === undefined ? [...PARTS] : values.only.split(',').map((word) => word.trim());
  const unknown = asked.filter((word) => !(PARTS as readonly string[]).includes(word));
  if (unknown.length > 0)
    throw new PlainFailure(`--only knows ${PARTS.join(', ')}, not ${unknown.join(', ') || 'nothing'}.`);
  const only = PARTS.filter((part) => asked.includes(part));
  const { report, source, help } = values;
  return { only, seconds, lines, report, source, help };
}

function wholeNumber(name: string, text: string, min: number, max: number): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < min || value > max)
    throw new PlainFailure(`--${name} is a whole number from ${min} to ${max}, not ${text}.`);
  return value;
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        only: { type: 'string' },
        seconds: { type: 'string', default: '15' },
        lines: { type: 'string', default: '1000000' },
        report: { type: 'string', default: '.doorstep/bench.json' },
        source: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    throw new PlainFailure(`${(error as Error).message}\n\n${USAGE}`);
  }
}
