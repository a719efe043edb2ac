import { type ChildProcess, spawn } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { retryUntil } from './stack/eventually';
import { FROM_SOURCE, WORKSPACE } from './workspace';

const START_MS_MAX = 120_000;
const STOP_MS_MAX = 30_000;

interface Command {
  child: ChildProcess;
  output(): string;
  exit: Promise<number | null>;
}

/** npm start as a terminal would run it, keeping everything in a directory of its own. */
function start(directory: string, env: NodeJS.ProcessEnv = {}): Command {
  const child = spawn(process.execPath, [...FROM_SOURCE, 'deploy/local/src/start.ts'], {
    cwd: WORKSPACE,
    env: { ...process.env, DOORSTEP_DIR: directory, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (text += String(chunk)));
  return { child, output: () => text, exit: new Promise((resolve) => child.once('close', resolve)) };
}

async function untilUp({ output, child }: Command): Promise<void> {
  const up = async () => {
    if (!output().includes('Ctrl-C stops everything.')) throw new Error(`not up:\n${output()}`);
  };
  await retryUntil(up, { timeoutMs: START_MS_MAX, pauseMs: 50, isFinal: () => child.exitCode !== null });
}

/** Ids of all processes below a process. */
async function descendants(pid: number): Promise<number[]> {
  const ps = spawn('ps', ['-A', '-o', 'pid=,ppid='], { stdio: ['ignore', 'pipe', 'ignore'] });
  let text = '';
  for await (const chunk of ps.stdout) text += String(chunk);
  const pairs = text
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number) as [number, number]);
  const found = new Set([pid]);
  for (let before = 0; before !== found.size;) {
    before = found.size;
    for (const [child, parent] of pairs) if (found.has(parent)) found.add(child);
  }
  found.delete(pid);
  return [...found];
}

function alive(pids: number[]): number[] {
  return pids.filter((pid) => {
    try {
      process.kill(pid, 0);
      return true;
    } catch {
      return false;
    }
  });
}

const untilGone = (pids: number[]) =>
  retryUntil(async () => expect(alive(pids)).toEqual([]), { timeoutMs: STOP_MS_MAX, pauseMs: 100 });

describe('npm start', () => {
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'doorstep-start-'));
    await chmod(directory, 0o755);
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));

  it('brings everything up, shows the first password once, and leaves nothing behind: not at Ctrl-C, not when killed', async () => {
    const first = start(directory);
    await untilUp(first);
    const [, api] = /API +(\S+)/.exec(first.output()) ?? [];
    const [, login, password] = /login (\S+), password (\S+)/.exec(first.output()) ?? [];
    const token = { method: 'POST', body: JSON.stringify({ login, password }) };
    const headers = { 'content-type': 'application/json', connection: 'close' };
    expect((await fetch(`${String(api)}/auth/token`, { ...token, headers })).status).toBe(200);

    const children = await descendants(first.child.pid as number);
    // Three parts of the stack and PostgreSQL's own, five services, the gateway, the guardian.
    expect(children.length).toBeGreaterThan(10);
    first.child.kill('SIGINT');
    expect(await first.exit).toBe(0);
    await untilGone(children);

    const second = start(directory);
    await untilUp(second);
    expect(second.output()).not.toContain('password');
    expect((await fetch(`${String(api)}/auth/token`, { ...token, headers })).status).toBe(200);
    const others = await descendants(second.child.pid as number);
    second.child.kill('SIGKILL');
    await second.exit;
    await untilGone(others);
  }, 300_000);

  it('refuses a taken port in one sentence', async () => {
    const server = createServer();
    const port = await new Promise<number>((resolve) =>
      server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port)),
    );
    const command = start(directory, { GATEWAY_PORT: String(port) });
    expect(await command.exit).toBe(1);
    server.close();
    expect(command.output().trim().split('\n').at(-1)).toMatch(
      new RegExp(`^Port ${port} for the gateway is taken .*GATEWAY_PORT=.*docker compose up`),
    );
  });

  it('names both ways out when there is no Java', async () => {
    const command = start(directory, { JAVA_HOME: '/nowhere' });
    expect(await command.exit).toBe(1);
    expect(command.output()).toMatch(/no Java was found .*install Java 17.*docker compose up/);
    expect(command.output()).not.toContain('    at ');
  });

  it('keeps its secrets from other users, and none of them in a log', async () => {
    const secrets = await readFile(join(directory, 'secrets.env'), 'utf8');
    const values = secrets
      .trim()
      .split('\n')
      .map((line) => line.slice(line.indexOf('=') + 1));
    expect(values.length).toBeGreaterThan(10);
    for (const name of [
      'gateway',
      'operators',
      'bookings',
      'billing',
      'facilities',
      'notifications',
      'postgres',
    ]) {
      const log = await readFile(join(directory, 'logs', `${name}.log`), 'utf8');
      expect(values.filter((value) => log.includes(value))).toEqual([]);
    }
  });
});
