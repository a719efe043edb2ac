import { join } from 'node:path';
import { type Child, startChild, tailOf } from '../stack/child';
import { retryUntil } from '../stack/eventually';
import { FROM_SOURCE, WORKSPACE } from '../workspace';
import type { ProcessName } from './services';

export interface ServiceProcessOptions {
  name: ProcessName;
  port: number;
  env: NodeJS.ProcessEnv;
  built: boolean;
  logDir: string;
  /** Hears warnings and errors of the process' log, and that it has ended by itself. */
  say: (line: string) => void;
}

const READY_MS_MAX = 180_000;
/** A service leaves by itself within STOP_SECONDS_MAX (15 s unless told otherwise); then a little patience. */
const STOP_MS_MAX = 18_000;

/** Six processes share one machine: V8 would let each grow to gigabytes before it cleans up. */
const MEMORY = ['--max-old-space-size=192', '--max-semi-space-size=8'];

/** One service as a child process, which can be stopped, killed and started again on the same port. */
export class ServiceProcess {
  private child?: Child;
  private expectedToRun = false;

  constructor(private readonly options: ServiceProcessOptions) {}

  get url(): string {
    return `http://127.0.0.1:${this.options.port}`;
  }

  get pid(): number | undefined {
    return this.child?.alive() ? this.child.pid : undefined;
  }

  get logFile(): string {
    return join(this.options.logDir, `${this.options.name}.log`);
  }

  /** Resolves when the service says that it is ready to serve. */
  async start(): Promise<void> {
    if (this.pid !== undefined) return;
    const { name, env, built, say } = this.options;
    const main = built
      ? ['--enable-source-maps', `apps/${name}/dist/main.js`]
      : [...FROM_SOURCE, `apps/${name}/src/main.ts`];
    const child = await startChild({
      name,
      command: process.execPath,
      args: [...MEMORY, ...main],
      env,
      cwd: WORKSPACE,
      logFile: this.logFile,
      onLine: (line) => reportWarning(name, line, say),
      stopSignal: 'SIGTERM',
      stopMsMax: STOP_MS_MAX,
    });
    this.child = child;
    this.expectedToRun = true;
    void child.ended.then(({ code, signal }) => {
      if (this.child === child && this.expectedToRun) {
        say(`${name} has ended by itself (${signal ?? `exit ${String(code)}`}); its log: ${this.logFile}`);
      }
    });
    await retryUntil(() => this.probe(child), { timeoutMs: READY_MS_MAX, pauseMs: 50, isFinal: isEnded });
  }

  async stop(): Promise<void> {
    this.expectedToRun = false;
    await this.child?.stop();
  }

  /** As a crash would: no chance to finish anything. */
  async kill(): Promise<void> {
    this.expectedToRun = false;
    await this.child?.stop('SIGKILL');
  }

  private async probe(child: Child): Promise<void> {
    if (!child.alive()) {
      this.expectedToRun = false;
      throw new Ended(`${this.options.name} could not start:\n${tailOf(this.logFile)}`);
    }
    const answer = await fetch(`${this.url}/health/ready`, { signal: AbortSignal.timeout(5000) });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${this.options.name} does not get ready: ${text.slice(0, 500)}`);
  }
}

class Ended extends Error {}
const isEnded = (error: unknown): boolean => error instanceof Ended;

/** Services log one JSON object a line; anything else (a crash's stack) is worth showing as it is. */
function reportWarning(name: string, line: string, say: (line: string) => void): void {
  if (line.trim() === '') return;
  try {
    const { level, msg, error } = JSON.parse(line) as { level?: string; msg?: string; error?: string };
    if (level !== 'warn' && level !== 'error' && level !== 'fatal') return;
    say(`[${name}] ${level}: ${msg ?? ''}${error ? ` (${error})` : ''}`);
  } catch {
    say(`[${name}] ${line}`);
  }
}
