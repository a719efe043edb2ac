import { EachAlone } from './each-alone';

const at = (seconds: number) => new Date(Date.UTC(2026, 10, 1) + seconds * 1_000);

function scene() {
  const alone = new EachAlone();
  const broken = new Set<string>();
  let done: string[] = [];
  const work = (one: string): Promise<void> => {
    if (broken.has(one)) return Promise.reject(new Error(`no ${one}`));
    done.push(one);
    return Promise.resolve();
  };
  const round = async (seconds: number, all = ['a', 'b', 'c']) => {
    done = [];
    const answer = await alone.run(all, (one) => one, work, at(seconds)).catch((error: Error) => error);
    return { done: done.join(''), answer };
  };
  return { broken, round };
}

describe('each alone', () => {
  it('does the others when one fails, and says at the end which', async () => {
    const { broken, round } = scene();
    broken.add('a').add('c');
    const { done, answer } = await round(0);
    expect(done).toBe('b');
    expect(answer).toBeInstanceOf(AggregateError);
    expect((answer as AggregateError).errors).toHaveLength(2);
    expect((answer as Error).message).toBe('could not do a (no a), c (no c)');
  });

  it('leaves alone what failed for a growing while, and knows it as well again when it is done', async () => {
    const { broken, round } = scene();
    broken.add('a');
    await round(0);
    expect(await round(9)).toEqual({ done: 'bc', answer: false });
    expect((await round(10)).answer).toBeInstanceOf(AggregateError);
    broken.clear();
    expect(await round(29)).toEqual({ done: 'bc', answer: false });
    expect(await round(30)).toEqual({ done: 'abc', answer: true });
    broken.add('a');
    await round(31);
    broken.clear();
    expect(await round(41)).toEqual({ done: 'abc', answer: true });
  });

  it('tries at least once an hour', async () => {
    const { broken, round } = scene();
    broken.add('a');
    for (let hour = 0; hour < 40; hour++)
      expect((await round(hour * 3_600)).answer).toBeInstanceOf(AggregateError);
  });
});
