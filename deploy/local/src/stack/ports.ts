import { createServer } from 'node:net';
import { PlainFailure } from './plain-failure';

/** Asks the system for TCP ports that nobody uses now; all are held open together, so they differ. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  const ports = await Promise.all(servers.map((server) => listen(server, 0)));
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

export async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    await listen(server, port);
  } catch {
    return false;
  }
  await new Promise((resolve) => server.close(resolve));
  return true;
}

/** Refuses a port that somebody named and that another program holds. */
export async function demandFree(port: number, what: string, envName: string): Promise<void> {
  if (await isFree(port)) return;
  throw new PlainFailure(
    `Port ${port} for ${what} is taken by another program: stop that program, or name another port with ${envName}=…, ` +
      'or run everything in containers with `docker compose up`.',
  );
}

function listen(server: ReturnType<typeof createServer>, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      if (address === null || typeof address === 'string') reject(new Error('no TCP address'));
      else resolve(address.port);
    });
  });
}
