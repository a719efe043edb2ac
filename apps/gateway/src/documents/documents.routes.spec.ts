import fastify, { type FastifyInstance } from 'fastify';
import { addressOf, gatewayEnv, type Harness, startGateway, startHarness } from '../gateway.harness';

const document = (path: string) => ({
  openapi: '3.1.0',
  info: { title: 'x', version: '1' },
  paths: { [path]: { get: { operationId: 'list', responses: { 200: { description: 'ok' } } } } },
});

describe('the documents', () => {
  let harness: Harness;

  beforeAll(async () => {
    harness = await startHarness();
  });
  afterAll(() => harness.stop());

  it('merge what the services say with the gateway’s own, and get complete as services come up', async () => {
    const services: FastifyInstance[] = [];
    const serve = async (path: string, port = 0): Promise<string> => {
      const server = fastify();
      server.get('/openapi.json', () => document(path));
      server.get(path, () => ({ from: path }));
      await server.listen({ port, host: '127.0.0.1' });
      services.push(server);
      return addressOf(server);
    };
    const late = await serve('/v1/charges');
    await services.pop()?.close();
    const urls = {
      FACILITIES_URL: await serve('/v1/sites'),
      OPERATORS_URL: await serve('/v1/people'),
      BOOKINGS_URL: await serve('/v1/bookings'),
      NOTIFICATIONS_URL: await serve('/v1/coverage'),
      BILLING_URL: late,
    };
    const gateway = await startGateway({ ...gatewayEnv('http://127.0.0.1:9'), ...urls });
    const read = async () => {
      const answer = await fetch(`${gateway.url}/v1/openapi.json`);
      const body = (await answer.json()) as { openapi: string; paths: object; tags: object[] };
      return {
        missing: answer.headers.get('x-doorstep-missing'),
        paths: Object.keys(body.paths),
        openapi: body.openapi,
        tags: body.tags,
      };
    };
    try {
      const first = await read();
      expect(first.openapi).toBe('3.1.0');
      expect(first.tags).toEqual([{ name: 'auth', description: expect.stringContaining('API key') }]);
      expect(first.missing).toBe('billing');
      expect(first.paths).toEqual(
        expect.arrayContaining(['/v1/auth/token', '/v1/bookings', '/v1/coverage', '/v1/people', '/v1/sites']),
      );
      const learnt = await fetch(`${gateway.url}/v1/coverage`);
      expect(await learnt.json()).toEqual({ from: '/v1/coverage' });
      expect((await fetch(`${gateway.url}/v1/unheard-of`)).status).toBe(404);
      await serve('/v1/charges', Number(new URL(late).port));
      await new Promise((resolve) => setTimeout(resolve, 2100));
      const second = await read();
      expect([second.missing, second.paths.includes('/v1/charges')]).toEqual([null, true]);
    } finally {
      await gateway.stop();
      await Promise.all(services.map((service) => service.close()));
    }
  });

  it('are shown on a page that loads nothing from elsewhere', async () => {
    const page = await harness.http.get('/v1/docs');
    expect(page.status).toBe(200);
    expect(page.headers['content-security-policy']).toContain("default-src 'none'; script-src 'self'");
    const used = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, address]) => address);
    expect(used.length).toBe(4);
    for (const address of used) {
      expect(address).toMatch(/^\/v1\/docs\//);
      const asset = await harness.http.get(address);
      expect([address, asset.status]).toEqual([address, 200]);
    }
    expect((await harness.http.get('/v1/docs/assets/package.json')).status).toBe(404);
  });
});
