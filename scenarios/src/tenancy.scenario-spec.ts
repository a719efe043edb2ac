import { randomUUID } from 'node:crypto';
import { inParallel } from '@doorstep/demo';
import type { TestPlatformAddress } from '@doorstep/local-stack';
import { type Answer, type Caller, gist, idsIn } from './tenancy/api';
import type { IdOf, Operation } from './tenancy/samples';
import { REGIONS } from './tenancy/seed';
import {
  changes,
  createWorld,
  isMadeUp,
  isReal,
  mayCall,
  movesByItself,
  readAll,
  type Reading,
  readLists,
  settled,
  SHARED,
  type World,
} from './tenancy/world';

const WIDTH = 6;

/**
 * Operation × {nobody, low role, other tenant}, made from the merged API document. An outsider must not be able to
 * tell the other tenant's rows from rows that don't exist: neither by a row, nor by a count, nor by how a refusal reads.
 */
describe('tenancy', () => {
  let world: World;

  beforeAll(async () => {
    const platform = JSON.parse(process.env.DOORSTEP_TEST_PLATFORM ?? 'null') as TestPlatformAddress | null;
    if (!platform) throw new Error(process.env.DOORSTEP_TEST_PLATFORM_FAILURE ?? 'no platform is running');
    world = await createWorld(platform);
  }, 300_000);

  it('has something of every kind to hide', () => {
    expect(world.secrets.length).toBeGreaterThan(15);
    expect(world.operations.length).toBeGreaterThan(90);
  });

  it('the tenant itself sees all of it', async () => {
    const seen = [...(await everythingSeenBy([world.tenant.owner])).values()].join('\n');
    const names = [
      'siteId',
      'offeringId',
      'contractId',
      'residentId',
      'bookingId',
      'priceId',
      'webhookEndpointId',
    ];
    for (const name of names) expect([name, seen.includes(world.ids[name])]).toEqual([name, true]);
  });

  it('nobody: 401 for every operation that is not public', async () => {
    const guess = world.nobody.as('guess', 'nobody', { 'x-api-key': 'dsk_guess' });
    const wrong: string[] = [];
    for (const operation of closed()) {
      for (const caller of [world.nobody, guess]) {
        const answer = await ask(caller, operation, isReal(world.ids));
        if (answer.status !== 401) wrong.push(`${caller.name} ${title(operation)} → ${answer.status}`);
      }
    }
    expect(few(wrong)).toEqual([]);
  }, 60_000);

  it('low role: 403 for every operation that the permission table does not open', async () => {
    const { tenant, authority } = world;
    const wrong: string[] = [];
    let asked = 0;
    const askAll = async (caller: Caller): Promise<void> => {
      for (const operation of closed().filter((one) => !mayCall(caller.role, one))) {
        asked += 1;
        const answer = await ask(caller, operation, isReal(world.ids));
        const refused = answer.status === 403 && answer.text.includes('"code":"not_allowed"');
        if (!refused) wrong.push(`${caller.name} ${title(operation)} → ${answer.status} ${answer.text}`);
      }
    };
    await Promise.all([tenant.owner, tenant.frontEnd, ...tenant.staff, authority.caller].map(askAll));
    expect(few(wrong)).toEqual([]);
    expect(asked).toBeGreaterThan(200);
  }, 120_000);

  it('other tenant: lists show no row and no count of it', async () => {
    const outsiders = [...world.strangers, ...world.strangeBodies];
    const after = await readLists(world.operations, world.samples, outsiders);
    expect([...after].filter(([, text]) => text.startsWith('5'))).toEqual([]);
    expect(changes(world.before, after)).toEqual([]);
    expect(leaking(after)).toEqual([]);
  }, 120_000);

  it('other tenant: what exists reads like what does not, and nothing of it changes', async () => {
    const insiders = [world.tenant.owner, world.authority.caller];
    const standing = await settled(() => everythingSeenBy(insiders));
    const lanes = [world.strangers, ...world.strangeBodies.map((one) => [one])];
    const wrong = (await Promise.all(lanes.map(compareAll))).flat();
    expect(few(wrong)).toEqual([]);
    expect(changes(standing, await everythingSeenBy(insiders), movesByItself)).toEqual([]);
  }, 240_000);

  it('other tenant: an Idempotency-Key gives no answer of somebody else', async () => {
    const body = { regionCode: REGIONS.community };
    const key = { 'idempotency-key': randomUUID() };
    const mine = await world.tenant.frontEnd.must<{ id: string }>('POST', '/v1/households', body, key);
    const stranger = world.strangers[1];
    const theirs = await stranger.must<{ id: string }>('POST', '/v1/households', body, key);
    expect(theirs.id).not.toBe(mine.id);
  });

  function closed(): Operation[] {
    return world.operations.filter(({ open }) => !open);
  }

  function ask(caller: Caller, operation: Operation, idOf: IdOf, optional = false): Promise<Answer> {
    const { samples } = world;
    return caller.send(
      operation.method,
      samples.path(operation, idOf, optional),
      samples.body(operation, idOf),
    );
  }

  function everythingSeenBy(callers: Caller[]): Promise<Reading> {
    return readAll(world.operations, world.samples, callers, isReal(world.ids));
  }

  /** Every operation by some of these callers, once about the tenant's rows and once about rows that don't exist. */
  async function compareAll(callers: Caller[]): Promise<string[]> {
    const [real, madeUp] = [isReal(world.ids), isMadeUp(world.ids, callers[0].role)];
    const compare = async (caller: Caller, operation: Operation): Promise<string[]> => {
      const about = await ask(caller, operation, real, true);
      const what = `${caller.name} ${title(operation)}`;
      const wrong = leaking(new Map([[what, withoutEcho(about, operation)]]));
      if (about.status >= 500) wrong.push(`${what} → ${about.text}`);
      if (SHARED.test(operation.path) || !namesRows(operation)) return wrong;
      const [one, other] = [gist(about), gist(await ask(caller, operation, madeUp, true))];
      return one === other ? wrong : [...wrong, `${what}: ${one} but ${other}`];
    };
    // Some answers take a moment, in which the thing that was asked about might still come: a few go on side by side.
    const compareEach = (operations: Operation[]): Promise<string[][]> =>
      inParallel(operations, WIDTH, async (operation) => {
        const found: string[] = [];
        for (const caller of callers.filter(({ role }) => mayCall(role, operation)).slice(0, 2))
          found.push(...(await compare(caller, operation)));
        return found;
      });
    // Reading first: what outsiders write is their own, and they read it then.
    const isReading = ({ method }: Operation): boolean => method === 'GET';
    const read = await compareEach(closed().filter(isReading));
    const written = await compareEach(closed().filter((operation) => !isReading(operation)));
    return [...read, ...written].flat();
  }

  /** Whether its request names a row of the tenant: else both requests are the same one. */
  function namesRows(operation: Operation): boolean {
    const rows = Object.values(world.ids);
    return idsIn(named(operation)).some((id) => rows.includes(id));
  }

  /** What a request about the tenant's rows says. */
  function named(operation: Operation): string {
    const { samples, ids } = world;
    return samples.path(operation, isReal(ids), true) + JSON.stringify(samples.body(operation, isReal(ids)));
  }

  function leaking(reading: Reading): string[] {
    return [...reading].flatMap(([request, text]) =>
      world.secrets
        .filter((secret) => text.includes(secret))
        .map((secret) => `${request} tells ${secret} in ${text}`),
    );
  }

  /** A refusal may repeat the ids that the request named. */
  function withoutEcho({ text }: Answer, operation: Operation): string {
    return idsIn(named(operation)).reduce((rest, id) => rest.replaceAll(id, ''), text);
  }
});

function title({ method, path }: Operation): string {
  return `${method} ${path}`;
}

/** Enough to see what is wrong, not enough to drown in. */
function few(wrong: string[]): string[] {
  return wrong.slice(0, 40).map((line) => line.slice(0, 500));
}
