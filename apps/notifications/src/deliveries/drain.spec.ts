import { Drain } from './drain';

/** A round whose answers the spec gives, one after the other. */
function rounds() {
  const waiting: ((more: boolean) => void)[] = [];
  let begun = 0;
  const round = () => {
    begun++;
    return new Promise<boolean>((resolve) => waiting.push(resolve));
  };
  const answer = async (more: boolean) => {
    waiting.shift()?.(more);
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { round, answer, begun: () => begun };
}

describe('a drain', () => {
  it('goes on while there is more, then rests', async () => {
    const { round, answer, begun } = rounds();
    const run = new Drain(round).run();
    await answer(true);
    await answer(true);
    await answer(false);
    await run;
    expect(begun()).toBe(3);
  });

  it('runs once at a time, and looks once more for whoever called meanwhile', async () => {
    const { round, answer, begun } = rounds();
    const drain = new Drain(round);
    const runs = [drain.run(), drain.run(), drain.run()];
    expect(begun()).toBe(1);
    await answer(false);
    expect(begun()).toBe(2);
    await answer(false);
    await Promise.all(runs);
    expect(begun()).toBe(2);
  });

  it('begins nothing after a stop, and waits for the round in hand', async () => {
    const { round, answer, begun } = rounds();
    const drain = new Drain(round);
    const run = drain.run();
    const stopped = drain.stop();
    await answer(true);
    await Promise.all([run, stopped, drain.run()]);
    expect(begun()).toBe(1);
  });

  it('can run again after a round that failed', async () => {
    let attempts = 0;
    const drain = new Drain(() =>
      attempts++ === 0 ? Promise.reject(new Error('away')) : Promise.resolve(false),
    );
    await expect(drain.run()).rejects.toThrow('away');
    await drain.run();
    expect(attempts).toBe(2);
  });
});
