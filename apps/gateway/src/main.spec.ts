import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { gatewayEnv } from './gateway.harness';

/** The gateway as a process of its own, as it is started in earnest. */
interface Running {
  child: ChildProcess;
  output: () => string;
  exit: Promise<number | null>;
}

function start(env: Record<string, string>): Running {
  const args = ['-C', '@doorstep/source', '-r', '@swc-node/register', join(__dirname, 'main.ts')];
  const child = spawn(process.execPath, args, { env: { PATH: process.env.PATH ?? '', ...env } });
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const exit = new Promise<number | null>((resolve) => child.on('exit', (code) => resolve(code)));
  return { child, output: () => text, exit };
}

async function addressOf({ output, exit }: Running): Promise<string> {
  let code: number | null | undefined;
  void exit.then((found) => (code = found));
  for (;;) {
    const url = /"url":"([^"]+)","msg":"listening"/.exec(output())?.[1];
    if (url) return url;
    if (code !== undefined) throw new Error(`ended with ${code}: ${output()}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe('the process', () => {
  it('ends with 1 and one plain list when settings are missing', async () => {
    const running = start({ PORT: 'x' });
    expect(await running.exit).toBe(1);
    expect(running.output()).toMatch(/GatewayConfig can't start: 9 setting/);
    expect(running.output()).toContain('IDENTITY_PRIVATE_KEY is missing: base64 of');
    expect(running.output()).not.toMatch(/\n\s+at /);
  });

  it('ends with 1 and one sentence when its port is taken', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const port = String((other.address() as AddressInfo).port);
    const running = start({ ...gatewayEnv('http://127.0.0.1:9'), PORT: port });
    expect(await running.exit).toBe(1);
    expect(running.output()).toMatch(new RegExp(`port ${port} .*taken`, 'i'));
    expect(running.output()).not.toMatch(/\n\s+at /);
    other.close();
  });

  it('finishes what it has in hand on SIGTERM, takes nothing new, and ends with 0', async () => {
    const upstream = createServer((_request, answer) => void setTimeout(() => answer.end('done'), 1000));
    await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve));
    const env = gatewayEnv(`http://127.0.0.1:${(upstream.address() as AddressInfo).port}`);
    const running = start({ ...env, LOG_LEVEL: 'info', LOG_FORMAT: 'json' });
    const url = await addressOf(running);
    const inHand = fetch(`${url}/v1/sites`).then((answer) => answer.text());
    await new Promise((resolve) => setTimeout(resolve, 200));
    running.child.kill('SIGTERM');
    await new Promise((resolve) => setTimeout(resolve, 200));
    await expect(fetch(`${url}/v1/sites`)).rejects.toThrow();
    expect(await inHand).toBe('done');
    const answered = Date.now();
    expect(await running.exit).toBe(0);
    expect(Date.now() - answered).toBeLessThan(3000);
    upstream.close();
    upstream.closeAllConnections();
  });

  it('does not wait for ever: past its bound it ends with 1', async () => {
    const upstream = createServer(() => undefined);
    await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve));
    const env = gatewayEnv(`http://127.0.0.1:${(upstream.address() as AddressInfo).port}`);
    const running = start({ ...env, LOG_LEVEL: 'info', LOG_FORMAT: 'json', STOP_SECONDS_MAX: '2' });
    const url = await addressOf(running);
    const hanging = fetch(`${url}/v1/sites`).catch(() => 'cut');
    await new Promise((resolve) => setTimeout(resolve, 200));
    const before = Date.now();
    running.child.kill('SIGINT');
    await running.exit;
    expect(Date.now() - before).toBeLessThan(3500);
    expect(await hanging).toBe('cut');
    upstream.close();
    upstream.closeAllConnections();
  });
});
