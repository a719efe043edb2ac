import { execFile } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';

const PARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

interface Seen {
  traceparent: string;
  orphan?: string;
}

describe('traces', () => {
  let collector: Server;
  let endpoint: string;
  let received: string[];

  beforeEach(async () => {
    received = [];
    collector = createServer((incoming, answer) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('end', () => {
        received.push(`${incoming.url} ${Buffer.concat(chunks).toString('latin1')}`);
        answer.end('{}');
      });
    });
    await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
    endpoint = `http://127.0.0.1:${(collector.address() as AddressInfo).port}`;
  });
  afterEach(() => new Promise((resolve) => collector.close(resolve)));

  async function run(address: string): Promise<Seen> {
    const script = join(__dirname, 'tracing.harness.ts');
    const args = ['-C', '@doorstep/source', '-r', '@swc-node/register', script, address, PARENT];
    const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 30_000 });
    return JSON.parse(stdout) as Seen;
  }

  it('go to the collector, by route template, under the caller’s trace', async () => {
    const { traceparent, orphan } = await run(endpoint);
    expect(traceparent).toMatch(/^00-0af7651916cd43dd8448eb211c80319c-[0-9a-f]{16}-01$/);
    expect(traceparent).not.toBe(PARENT);
    expect(orphan).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
    expect(received.length).toBe(2);
    const [all, edge] = [received.join(), received.find((one) => one.includes('doorstep-edge'))];
    expect(edge).toMatch(/^\/v1\/traces /);
    expect(edge).toContain('GET /v1/things/:id');
    expect(all).not.toContain('secret-id');
  }, 30_000);

  it('travel on without a collector', async () => {
    expect(await run('')).toEqual({ traceparent: PARENT });
    expect(received).toEqual([]);
  }, 30_000);
});
