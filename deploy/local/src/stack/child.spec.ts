import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ChildOptions, startChild, tailOf } from './child';
import { retryUntil } from './eventually';

const directory = mkdtempSync(join(tmpdir(), 'doorstep-child-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const node = (name: string, program: string): ChildOptions => ({
  name,
  command: process.execPath,
  args: ['-e', program],
  logFile: join(directory, `${name}.log`),
  stopSignal: 'SIGTERM',
  stopMsMax: 300,
});

const IDLE = 'setInterval(() => {}, 1000)';
const STUBBORN = `for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => {}); console.log('up'); ${IDLE}`;

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

const untilGone = (pid: number, timeoutMs: number) =>
  retryUntil(
    async () => {
      if (isAlive(pid)) throw new Error(`process ${pid} is still there`);
    },
    { timeoutMs, pauseMs: 50 },
  );

describe('startChild', () => {
  it('gives its lines one by one, keeps them in the log, and tells how it ended', async () => {
    const lines: string[] = [];
    const program = `console.log('one'); console.error('two'); process.exitCode = 3`;
    const child = await startChild({ ...node('lines', program), onLine: (line) => lines.push(line) });

    expect(await child.ended).toEqual({ code: 3, signal: null });
    const log = async () =>
      expect(tailOf(join(directory, 'lines.log')).split('\n').sort()).toEqual(['one', 'two']);
    await retryUntil(log, { timeoutMs: 2000, pauseMs: 20 });
    expect(lines.sort()).toEqual(['one', 'two']);
  });

  it('kills a child that does not stop when asked, after its time', async () => {
    let up = (): void => undefined;
    const isUp = new Promise<void>((resolve) => (up = resolve));
    const child = await startChild({ ...node('stubborn', STUBBORN), onLine: () => up() });
    await isUp;
    await child.stop();

    expect(await child.ended).toEqual({ code: null, signal: 'SIGKILL' });
    expect(child.alive()).toBe(false);
  });

  it('says plainly what cannot be started', async () => {
    const options = { ...node('missing', ''), command: join(directory, 'no-such-program') };
    await expect(startChild(options)).rejects.toThrow(/^missing could not be started/);
  });
});

describe('the guardian', () => {
  /** A process of its own that starts children as the stack does, and says their ids. */
  function starter(...programs: string[]): Promise<{ pid: number; children: number[] }> {
    const script = `
      const { startChild } = require(${JSON.stringify(join(__dirname, 'child.ts'))});
      const options = ${JSON.stringify(programs.map((program, at) => node(`guarded-${at}`, program)))};
      Promise.all(options.map(startChild)).then((children) => {
        console.log(JSON.stringify(children.map(({ pid }) => pid)));
        ${IDLE};
      });`;
    const args = ['-r', '@swc-node/register', '-e', script];
    const parent = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'], detached: true });
    return new Promise((resolve) =>
      parent.stdout.once('data', (data: Buffer) =>
        resolve({ pid: parent.pid as number, children: JSON.parse(data.toString()) as number[] }),
      ),
    );
  }

  it('ends the children of a starter that was killed with its whole group', async () => {
    const { pid, children } = await starter(IDLE, IDLE);
    process.kill(-pid, 'SIGKILL');

    await Promise.all(children.map((child) => untilGone(child, 5000)));
  });

  it('kills a child that does not heed the signal', async () => {
    const { pid, children } = await starter(STUBBORN);
    await new Promise((resolve) => setTimeout(resolve, 300));
    process.kill(pid, 'SIGKILL');

    await untilGone(children[0] as number, 15_000);
  });
});
