import { BOOKINGS_BOOKING } from '@doorstep/contracts';
import { Logger } from '@nestjs/common';
import { Topics } from './topics';

describe('topics at start', () => {
  beforeAll(() => Logger.overrideLogger(false));
  afterAll(() => Logger.overrideLogger(new Logger()));

  it('are asked for until the broker answers, once for everybody who waits', async () => {
    let asked = 0;
    const ensureTopics = (): Promise<void> =>
      ++asked < 2 ? Promise.reject(new Error('no broker')) : Promise.resolve();
    const topics = new Topics({ ensureTopics }, [BOOKINGS_BOOKING]);
    await Promise.all([topics.ensured(), topics.ensured()]);
    expect(asked).toBe(2);
  });

  it('are no reason to stay when the service stops', async () => {
    const topics = new Topics({ ensureTopics: () => Promise.reject(new Error('no broker')) }, [
      BOOKINGS_BOOKING,
    ]);
    const ensured = topics.ensured();
    topics.stop();
    await ensured;
  });
});
