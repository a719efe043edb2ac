import { Semaphore } from './semaphore';

describe('semaphore', () => {
  it('never lets more run than its number, and lets all of them run', async () => {
    const semaphore = new Semaphore(3);
    let running = 0;
    let most = 0;
    const work = async (n: number): Promise<number> => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setTimeout(resolve, n % 3));
      running--;
      return n;
    };
    const numbers = Array.from({ length: 20 }, (_, n) => n);
    expect(await Promise.all(numbers.map((n) => semaphore.run(() => work(n))))).toEqual(numbers);
    expect(most).toBe(3);
  });

  it('a failure gives its place back', async () => {
    const semaphore = new Semaphore(1);
    await expect(semaphore.run(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await semaphore.run(() => Promise.resolve('yes'))).toBe('yes');
  });
});
