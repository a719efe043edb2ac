import { Commits } from './commits';

const EVERY_MS = 1_000;

describe('commits of offsets', () => {
  const committed: string[] = [];
  const offsets = (name: string) => ({
    commitOffsetsIfNecessary: (given: unknown) => Promise.resolve(void committed.push(String(given))),
    uncommittedOffsets: () => name as never,
  });
  beforeEach(() => {
    committed.length = 0;
    jest.useFakeTimers();
  });
  afterEach(() => jest.useRealTimers());

  it('happen at once for what comes alone, and are gathered for what follows', async () => {
    const commits = new Commits(EVERY_MS);
    await commits.due(offsets('first'));
    expect(committed).toEqual(['first']);
    await commits.due(offsets('second'));
    await commits.due(offsets('third'));
    expect(committed).toEqual(['first']);
    await jest.advanceTimersByTimeAsync(EVERY_MS);
    expect(committed).toEqual(['first', 'third']);
    await jest.advanceTimersByTimeAsync(EVERY_MS);
    await commits.due(offsets('fourth'));
    expect(committed).toEqual(['first', 'third', 'fourth']);
  });

  it('are made up for when the consumer leaves, and none comes after it', async () => {
    const commits = new Commits(EVERY_MS);
    await commits.due(offsets('first'));
    await commits.due(offsets('second'));
    await commits.now();
    commits.end();
    await jest.advanceTimersByTimeAsync(2 * EVERY_MS);
    await commits.now();
    expect(committed).toEqual(['first', 'second']);
  });

  it('may fail late without harm, and at once with the error that the group has to hear', async () => {
    const commits = new Commits(EVERY_MS);
    const failing = {
      ...offsets('x'),
      commitOffsetsIfNecessary: () => Promise.reject(new Error('rebalancing')),
    };
    await expect(commits.due(failing)).rejects.toThrow('rebalancing');
    await commits.due(failing);
    await jest.advanceTimersByTimeAsync(EVERY_MS);
    await jest.advanceTimersByTimeAsync(EVERY_MS);
    await commits.due(offsets('later'));
    expect(committed).toEqual(['later']);
  });
});
