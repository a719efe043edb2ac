import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';

const SCRIPT = join(__dirname, '..', '..', 'guardian.sh');

let shell: ChildProcess | undefined;

/**
 * One small shell per process that ends every watched child when this process is gone, even by SIGKILL: it
 * waits on a pipe whose other end dies with us. It runs in a session of its own, so that Ctrl-C and a kill of
 * our process group leave it alive to do its work.
 */
export const guardian = {
  watch(pid: number, signal: 'INT' | 'TERM' | 'KILL'): void {
    shell ??= start();
    shell.stdin?.write(`watch ${signal} ${pid}\n`);
  },
  forget(pid: number): void {
    shell?.stdin?.write(`forget ${pid}\n`);
  },
  /** Also when this process ends as it should, so nobody needs to remove it twice. */
  removeAtEnd(directory: string): void {
    if (/\s/.test(directory)) return;
    shell ??= start();
    shell.stdin?.write(`remove ${directory}\n`);
  },
};

function start(): ChildProcess {
  const child = spawn('/bin/sh', [SCRIPT], { detached: true, stdio: ['pipe', 'ignore', 'ignore'], cwd: '/' });
  // The guardian must not keep us alive: a finished program ends, and its pipe with it.
  child.unref();
  (child.stdin as unknown as { unref(): void }).unref();
  child.stdin?.on('error', () => {
    shell = undefined;
  });
  return child;
}
