import { mkdir } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { startChild, tailOf, type Child } from './child';
import { retryUntil } from './eventually';

export interface RedisOptions {
  binary: string;
  dataDir: string;
  logDir: string;
  port: number;
  ephemeral: boolean;
}

/** Redis on loopback. Kept data is a snapshot a minute and one at stop; a test's Redis keeps nothing. */
export async function startRedis(options: RedisOptions): Promise<Child> {
  const directory = join(options.dataDir, 'redis');
  await mkdir(directory, { recursive: true });
  const logFile = join(options.logDir, 'redis.log');
  const save = options.ephemeral ? '' : '60 1';
  const child = await startChild({
    name: 'Redis',
    command: options.binary,
    args: ['--bind', '127.0.0.1', '--port', String(options.port), '--dir', directory, '--save', save],
    logFile,
    stopSignal: options.ephemeral ? 'SIGKILL' : 'SIGTERM',
    stopMsMax: 5000,
  });
  await retryUntil(() => ping(options.port, child, logFile), { timeoutMs: 10_000, pauseMs: 20 });
  return child;
}

function ping(port: number, child: Child, logFile: string): Promise<void> {
  if (!child.alive()) return Promise.reject(new Error(`Redis ended at once:\n${tailOf(logFile)}`));
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1' }, () => socket.write('PING\r\n'));
    socket.setTimeout(1000, () => socket.destroy(new Error('Redis does not answer')));
    socket.once('error', reject);
    socket.once('data', (answer) => {
      socket.destroy();
      if (answer.toString().startsWith('+PONG')) resolve();
      else reject(new Error(`Redis answered ${answer.toString().trim()}`));
    });
  });
}
