import { holesOf } from '@doorstep/platform';
import { startWorld, type World } from './testing/world.fixture';

describe('the API document of bookings', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld({ PERIODIC: 'false' });
  });
  afterAll(() => world.service.stop());

  it('describes every operation, parameter and field', async () => {
    const document = (await (await fetch(`${world.service.url}/openapi.json`)).json()) as Parameters<
      typeof holesOf
    >[0];
    expect(holesOf(document)).toEqual([]);
  });
});
