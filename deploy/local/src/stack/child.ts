import { spawn, type ChildProcess } from 'node:child_process';
import { createWriteStream, mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { guardian } from './guardian';

export interface ChildOptions {
  /** Shown in messages: 'PostgreSQL', 'bookings'. */
  name: string;
  command: string;
  args: string[];
  env?: NodeJS.ProcessEnv;
  cwd?: string;
  uid?: number;
  gid?: number;
  /** Everything that the child prints is appended here. */
  logFile: string;
  /** Called with each whole line that the child prints, in order. */
  onLine?: (line: string) => void;
  /** What asks the child to end by itself. */
  stopSignal: 'SIGINT' | 'SIGTERM' | 'SIGKILL';
  /** How long it may take before it is killed, milliseconds. */
  stopMsMax: number;
}

export interface Child {
  readonly pid: number;
  /** Resolves when the process has ended; never rejects. */
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  alive(): boolean;
  stop(signal?: NodeJS.Signals): Promise<void>;
}

/** Starts a long-running child in a group of its own (Ctrl-C reaches only us), logged and guarded. */
export async function startChild(options: ChildOptions): Promise<Child> {
  mkdirSync(dirname(options.logFile), { recursive: true });
  const log = createWriteStream(options.logFile, { flags: 'a', mode: 0o600 });
  const child = spawn(options.command, options.args, {
    cwd: options.cwd,
    env: options.env ?? process.env,
    uid: options.uid,
    gid: options.gid,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const pid = await started(child, options.name);
  guardian.watch(pid, options.stopSignal.slice(3) as 'INT' | 'TERM' | 'KILL');
  for (const stream of [child.stdout, child.stderr]) {
    stream?.pipe(log, { end: false });
    if (options.onLine && stream) eachLine(stream, options.onLine);
  }
  let alive = true;
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.once('exit', (code, signal) => {
      alive = false;
      guardian.forget(pid);
      resolve({ code, signal });
    });
  });
  // Not at 'exit': what the child started itself may still write.
  child.once('close', () => log.end());
  const stop = async (signal: NodeJS.Signals = options.stopSignal): Promise<void> => {
    if (!alive) return;
    child.kill(signal);
    const timer = setTimeout(() => child.kill('SIGKILL'), options.stopMsMax);
    await ended;
    clearTimeout(timer);
  };
  return { pid, ended, alive: () => alive, stop };
}

/** The last lines of a log, to show beside a failure. */
export function tailOf(logFile: string, lines = 15): string {
  try {
    return readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-lines).join('\n');
  } catch {
    return '(no log was written)';
  }
}

function started(child: ChildProcess, name: string): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', (error) => reject(new Error(`${name} could not be started: ${error.message}`)));
    child.once('spawn', () => resolve(child.pid as number));
  });
}

function eachLine(stream: NodeJS.ReadableStream, onLine: (line: string) => void): void {
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    lines.forEach(onLine);
  });
  stream.on('end', () => {
    if (rest !== '') onLine(rest);
  });
}
