import { type Harness, startHarness } from './gateway.harness';

describe('browsers', () => {
  let harness: Harness;

  beforeAll(async () => {
    harness = await startHarness({ CORS_ORIGINS: 'https://console.example' });
  });
  afterAll(() => harness.stop());

  const preflight = (origin: string) =>
    harness.http.options('/v1/bookings').set({
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'idempotency-key',
    });

  it('may call from the origins that the configuration names', async () => {
    const answer = await preflight('https://console.example');
    expect(answer.status).toBe(204);
    expect(answer.headers['access-control-allow-origin']).toBe('https://console.example');
    expect(answer.headers['access-control-allow-headers']).toContain('Idempotency-Key');
  });

  it('and from no other', async () => {
    const answer = await preflight('https://evil.example');
    expect(answer.headers['access-control-allow-origin']).not.toBe('https://evil.example');
    const call = await harness.http.get('/v1/sites').set('origin', 'https://evil.example');
    expect(call.headers['access-control-allow-origin']).not.toBe('https://evil.example');
  });
});
