import { holesOf } from '@doorstep/platform';
import { policiesComparingText } from '@doorstep/testing';
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

  it('compares no id as text where rows are kept apart', async () => {
    expect(await policiesComparingText(world.service.db)).toEqual([]);
  });
});
