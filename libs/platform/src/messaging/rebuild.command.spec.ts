import { newId } from '@doorstep/kernel';
import { BOOKINGS_BOOKING, OPERATORS_STAFF } from '@doorstep/contracts';
import {
  type SpecDatabase,
  createSpecDatabase,
  eventually,
  message,
  specStack,
  startSpecService,
  versionsOf,
} from './messaging.harness';
import { runRebuild } from './rebuild.command';

jest.setTimeout(120_000);

let database: SpecDatabase;
const topicPrefix = `t${newId().slice(0, 13)}.`;

beforeAll(async () => {
  database = await createSpecDatabase();
});
afterAll(() => database.drop());

async function run(...args: string[]): Promise<{ code: number; said: string }> {
  const env = {
    SPEC_DATABASE_URL: database.appUrl,
    KAFKA_BROKERS: specStack().kafkaBrokers,
    TOPIC_PREFIX: topicPrefix,
  };
  let said = '';
  const code = await runRebuild(args, env, (text) => (said += text));
  return { code, said };
}

function snapshotOf(counterId: string, version: number) {
  const headers = { ce_id: newId(), ce_type: 'spec.CounterSnapshot.v1' };
  return message(counterId, version, { topic: OPERATORS_STAFF.name, headers });
}

describe('the rebuild command', () => {
  it('is refused while the service runs; after it, the newest snapshots have their effect again and facts have not', async () => {
    const [snapshot, fact] = [newId(), newId()];
    const first = await startSpecService({ database, topicPrefix });
    await first.post(message(fact, 1), snapshotOf(snapshot, 2), snapshotOf(snapshot, 1));
    await eventually(async () => expect(await versionsOf(first, fact)).toEqual([1]));
    await eventually(async () => expect(await versionsOf(first, snapshot)).toEqual([2, 1]));
    const early = await run('--service', 'spec');
    expect(early).toMatchObject({ code: 1, said: expect.stringContaining('Nothing was changed') });
    await first.stop();

    expect(await run('--service', 'spec')).toEqual({
      code: 0,
      said: `spec will read ${OPERATORS_STAFF.name} from the beginning when it starts.`,
    });
    const second = await startSpecService({ database, topicPrefix });
    await eventually(async () => expect(await versionsOf(second, snapshot)).toEqual([2, 1, 2]));
    expect(await versionsOf(second, fact)).toEqual([1]);
    await second.stop();
  });

  it('says that a service has read nothing yet', async () => {
    const answer = await run('--service', 'nobody', '--database', database.appUrl);
    expect(answer).toMatchObject({
      code: 1,
      said: expect.stringMatching(/^nobody has read no snapshot topic yet/),
    });
  });

  it.each([
    [[], 'Which service?'],
    [['--service', 'spec', '--topic', BOOKINGS_BOOKING.name], 'is no snapshot topic'],
    [['--colour'], 'Unknown option'],
  ])('%j is answered with what is wrong', async (args, said) => {
    const answer = await run(...args);
    expect(answer.code).toBe(1);
    expect(answer.said).toContain(said);
  });
});
