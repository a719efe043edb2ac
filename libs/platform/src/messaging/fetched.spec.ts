import type { EachBatchPayload } from 'kafkajs';
import { Commits } from './commits';
import { type FetchWork, type IncomingBatch, eachFetch } from './fetched';

/** What kafkajs would hand over for one partition; what it hears goes into `heard`. */
function partition(
  topic: string,
  offsets: number[],
  heard: string[],
  { lag = 0, ...change }: Partial<EachBatchPayload> & { lag?: number } = {},
) {
  const messages = offsets.map((offset) => ({ offset: String(offset), key: Buffer.from('k'), value: null }));
  return {
    batch: { topic: `p.${topic}`, partition: 0, messages, offsetLag: () => String(lag) },
    resolveOffset: (offset: string) => heard.push(`${topic} to ${offset}`),
    heartbeat: () => Promise.resolve(),
    commitOffsetsIfNecessary: (offsets: unknown) =>
      Promise.resolve(void heard.push(`commit ${String(offsets)}`)),
    uncommittedOffsets: () => 'all',
    isRunning: () => true,
    isStale: () => false,
    ...change,
  } as unknown as EachBatchPayload;
}

const never = new AbortController().signal;
const workOf = (change: Partial<FetchWork>): FetchWork => ({
  ...{ prefix: 'p.', heartbeatMs: 300, gatherMs: 0, commits: new Commits(0), stopping: never, cut: never },
  onFetch: () => Promise.resolve(),
  ...change,
});
const finishAll = (batches: readonly IncomingBatch[]): void => {
  for (const { messages, finished } of batches) finished(messages[messages.length - 1].offset);
};

describe('what one fetch brings', () => {
  it('is dealt with together, and its offsets are committed once', async () => {
    const [heard, fetches]: [string[], string[][]] = [[], []];
    const each = eachFetch(
      workOf({
        onFetch: (batches) => {
          fetches.push(batches.map(({ topic }) => topic));
          finishAll(batches);
          return Promise.resolve();
        },
      }),
    );
    await Promise.all([each(partition('a', [3, 4], heard)), each(partition('b', [7], heard))]);
    await each(partition('a', [5], heard));
    expect(fetches).toEqual([['a', 'b'], ['a']]);
    expect(heard).toEqual(['a to 4', 'b to 7', 'commit all', 'a to 5', 'commit all']);
  });

  it('leaves out what has become another position meanwhile', async () => {
    const fetches: string[][] = [];
    const onFetch = (batches: readonly IncomingBatch[]) =>
      Promise.resolve(void fetches.push(batches.map(({ topic }) => topic)));
    const each = eachFetch(workOf({ onFetch }));
    await Promise.all([
      each(partition('a', [1], [], { isStale: () => true })),
      each(partition('b', [1], [])),
    ]);
    expect(fetches).toEqual([['b']]);
  });

  it('fails for all of its partitions, and commits what was finished before', async () => {
    const heard: string[] = [];
    const onFetch = ([first]: readonly IncomingBatch[]) => {
      finishAll([first]);
      return Promise.reject(new Error('no'));
    };
    const each = eachFetch(workOf({ onFetch }));
    const outcomes = await Promise.allSettled([
      each(partition('a', [1], heard)),
      each(partition('b', [1], heard)),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(heard).toEqual(['a to 1', 'commit all']);
  });

  it('is aborted by a heartbeat that fails, whose error the group hears of', async () => {
    const heard: string[] = [];
    const gone = new Error('rebalancing');
    const onFetch = (batches: readonly IncomingBatch[], signal: AbortSignal) =>
      new Promise<void>((resolve, reject) =>
        signal.addEventListener('abort', () => {
          finishAll(batches);
          reject(new Error('aborted'));
        }),
      );
    const each = eachFetch(workOf({ onFetch }));
    await expect(each(partition('a', [1], heard, { heartbeat: () => Promise.reject(gone) }))).rejects.toBe(
      gone,
    );
    expect(heard).toEqual(['commit all']);
  });

  it('is followed by the next one at once while there is more', async () => {
    await eachFetch(workOf({ gatherMs: 600_000 }))(partition('a', [1], [], { lag: 5 }));
  });

  it('is followed by a rest, which a stop ends', async () => {
    const stopping = new AbortController();
    const each = eachFetch(workOf({ gatherMs: 600_000, stopping: stopping.signal }));
    const resting = each(partition('a', [1], []));
    setTimeout(() => stopping.abort(), 20);
    await resting;
  });
});
