import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PlainFailure } from './plain-failure';
import { demandFree, freePorts, isFree, keptPorts } from './ports';

async function occupy(port: number): Promise<Server> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return server;
}

describe('ports', () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'doorstep-ports-'));
  });
  afterEach(() => rm(directory, { recursive: true }));

  it('are different and free', async () => {
    const ports = await freePorts(8);
    expect(new Set(ports).size).toBe(8);
    expect(await Promise.all(ports.map(isFree))).not.toContain(false);
  });

  it('are refused plainly when somebody named one that is taken', async () => {
    const [port] = (await freePorts(1)) as [number];
    const server = await occupy(port);
    const failure = await demandFree(port, 'Kafka', 'KAFKA_PORT').catch((error: unknown) => error);
    server.close();

    expect(failure).toBeInstanceOf(PlainFailure);
    expect((failure as Error).message).toMatch(
      new RegExp(`^Port ${port} for Kafka is taken .*KAFKA_PORT=.*docker compose up`),
    );
  });

  it('stay what they were at the last start, unless somebody else has taken them', async () => {
    const file = join(directory, 'ports.json');
    const first = await keptPorts(file, ['a', 'b']);
    expect(await keptPorts(file, ['a', 'b'])).toEqual(first);

    const server = await occupy(first.a);
    const third = await keptPorts(file, ['a', 'b']);
    server.close();
    expect(third.a).not.toBe(first.a);
    expect(third.b).toBe(first.b);
  });

  it('begin with a wished one when it is free', async () => {
    const [wish] = (await freePorts(1)) as [number];
    const ports = await keptPorts(join(directory, 'ports.json'), ['gateway'], { gateway: wish });
    expect(ports).toEqual({ gateway: wish });
  });
});
