import { spawn } from 'node:child_process';
import { mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { tailOf } from './stack/child';
import { PlainFailure, runCommand } from './stack/plain-failure';
import { announce, isAlive, liveTestStack, startTestStack, withdraw } from './test-stack';
import { KEPT } from './workspace';

const START_MS_MAX = 11 * 60_000;
const STOP_MS_MAX = 30_000;
const LOG = join(KEPT, 'logs', 'test-stack.log');

/**
 * npm run stack:test            keeps one stack for all test runs up in the background
 * npm run stack:test -- stop    ends it
 */
void runCommand(async () => {
  const verb = process.argv[2] ?? 'start';
  if (verb === 'start') await startInBackground();
  else if (verb === 'stop') await stop();
  else if (verb === 'serve') await serve();
  else throw new PlainFailure(`stack:test knows "stop" and no argument, not "${verb}".`);
});

async function startInBackground(): Promise<void> {
  const live = await liveTestStack();
  if (live) return say(`the test stack is up already (process ${live.pid})`);
  mkdirSync(join(KEPT, 'logs'), { recursive: true });
  const log = openSync(LOG, 'w');
  const args = [...process.execArgv, __filename, 'serve'];
  const child = spawn(process.execPath, args, { detached: true, stdio: ['ignore', log, log] });
  child.unref();
  const deadline = Date.now() + START_MS_MAX;
  while (Date.now() < deadline && child.exitCode === null) {
    const address = await liveTestStack();
    if (address)
      return say(`the test stack is up (process ${address.pid}); end it with: npm run stack:test -- stop`);
    await pause(100);
  }
  throw new PlainFailure(`The test stack did not come up: ${tailOf(LOG, 5)}`);
}

async function stop(): Promise<void> {
  const live = await liveTestStack();
  if (!live) return say('no test stack is up');
  process.kill(live.pid, 'SIGTERM');
  const deadline = Date.now() + STOP_MS_MAX;
  while (isAlive(live.pid)) {
    if (Date.now() > deadline)
      throw new PlainFailure(`Process ${live.pid} did not end within ${STOP_MS_MAX / 1000} s.`);
    await pause(50);
  }
  say('the test stack is down');
}

async function serve(): Promise<void> {
  const { stack, address } = await startTestStack(say);
  await announce(address);
  say('up');
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.once(signal, () => resolve());
    // Child processes do not keep Node alive by themselves once their pipes are idle and unreferenced.
    setInterval(() => undefined, 60_000);
  });
  await withdraw();
  await stack.stop();
  process.exit(0);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
