import { LicenceDue } from '@doorstep/contracts';
import { type Day, newId } from '@doorstep/kernel';
import type { Actor } from '@doorstep/platform';
import { anAuthority, aSiteManager } from '@doorstep/testing';
import fc from 'fast-check';
import { DateTime } from 'luxon';
import { endOfLicence, holdsOn } from '../licences/licence';
import { LICENCE_CALENDAR } from '../licences/standings.service';
import { Desk } from '../testing/desk.fixture';
import { MealsInspections } from '../testing/meals-inspection.fixture';
import { anOffering, aScene, aSite, Contracts, type Scene } from '../testing/scene.fixture';

const TODAY = '2026-12-05';
const DUE_DAYS = 90;
const desk = new Desk(`${TODAY}T02:00:00Z`);
let scene: Scene;
let contracts: Contracts;

beforeAll(async () => {
  scene = await aScene(desk.service);
  contracts = new Contracts(desk.service, scene);
  desk.owner = scene.owner;
});

/** What each kind needs by the rules that every place has, from a licence that has lapsed on. */
const NEEDS: Record<string, string[]> = {
  meals: ['food_business'],
  childcare: ['childcare_filing', 'fire_acceptance'],
  sports: [],
};
const TYPES = ['food_business', 'fire_acceptance', 'liability_insurance'];

interface Paper {
  id: string;
  type: string;
  validFrom: Day;
  validTo: Day | null;
  revokedOn: Day | null;
}

interface Place {
  siteId: string;
  status: 'operating' | 'closed' | 'suspended';
  regionCode: string;
  offerings: { kind: string; active: boolean; licences: string[] }[];
  papers: Paper[];
}

const day = (n: number): Day =>
  DateTime.fromISO(TODAY, { zone: 'utc' }).plus({ days: n }).toFormat('yyyy-MM-dd');

/** Papers around today and around the ninetieth day, some taken away, many that meet or overlap. */
const aPaper = fc
  .record({
    type: fc.constantFrom(...TYPES),
    from: fc.constantFrom(-400, -30, -1, 0, 1, 20, 90),
    span: fc.constantFrom(1, 29, 30, 31, 90, 91, 400, null),
    revokedAfter: fc.option(fc.nat(30), { freq: 3 }),
  })
  .map(({ type, from, span, revokedAfter }): Paper => {
    const revoked = revokedAfter !== null && (span === null || revokedAfter < span);
    return {
      id: newId(),
      type,
      validFrom: day(from),
      validTo: span === null ? null : day(from + span),
      revokedOn: revoked ? day(from + revokedAfter) : null,
    };
  });
const aPlace = fc
  .record({
    status: fc.constantFrom(
      'operating' as const,
      'operating' as const,
      'suspended' as const,
      'closed' as const,
    ),
    regionCode: fc.constantFrom('310101002001', '310101013002'),
    offerings: fc.array(
      fc.record({
        kind: fc.constantFrom(...Object.keys(NEEDS)),
        active: fc.boolean(),
        licences: fc.subarray(['liability_insurance']),
      }),
      { maxLength: 3 },
    ),
    papers: fc.array(aPaper, { maxLength: 7 }),
  })
  .map((place): Place => ({ siteId: newId(), ...place }));

async function open(places: readonly Place[]): Promise<void> {
  const { operatorId } = scene;
  const sites = places.map(({ siteId, status, regionCode }) =>
    aSite(operatorId, { siteId, status, regionCode }),
  );
  const offerings = places.flatMap(({ siteId, offerings: some }) =>
    some.map((changes, n) => anOffering(operatorId, siteId, { ...changes, code: `O${n}` })),
  );
  await desk.service.deliver(...sites);
  await desk.service.deliver(...offerings);
  const papers = places.flatMap(({ siteId, papers: some }) => some.map((paper) => ({ siteId, ...paper })));
  await desk.service.db.query(
    `INSERT INTO licence (id, operator_id, site_id, type, number, valid_from, valid_to, revoked_on, revoked_reason, version,
                          created_at)
     SELECT id, $2, "siteId", type, 'x', "validFrom", "validTo", "revokedOn", CASE WHEN "revokedOn" IS NOT NULL THEN 'x' END,
            1, now()
     FROM json_to_recordset($1) AS p (id uuid, "siteId" uuid, type text, "validFrom" date, "validTo" date, "revokedOn" date)`,
    [JSON.stringify(papers), operatorId],
  );
  await desk.turn(LICENCE_CALENDAR);
}

/** By the words alone: what ends within ninety days and nothing replaces by then, or has by today. */
function endingAt({ status, papers }: Place): Paper[] {
  if (status === 'closed') return [];
  return papers.filter((paper) => {
    const end = endOfLicence(paper);
    if (end === null || end > day(DUE_DAYS)) return false;
    const on = end > TODAY ? end : TODAY;
    return !papers.some((other) => other.type === paper.type && other !== paper && holdsOn(other, on));
  });
}

/** Of those that are out, a type's last one, while something needs it. */
function dueAt(place: Place): string[] {
  const active = place.offerings.filter((offering) => offering.active);
  const needed = active.flatMap(({ kind, licences }) => [...NEEDS[kind], ...licences]);
  const keyOf = (paper: Paper): string => `${endOfLicence(paper)} ${paper.id}`;
  const isOut = (paper: Paper): boolean => keyOf(paper).slice(0, 10) <= TODAY;
  const lastOf = (type: string) =>
    place.papers
      .filter((paper) => paper.type === type && isOut(paper))
      .map(keyOf)
      .sort()
      .at(-1);
  return endingAt(place)
    .filter((paper) => !isOut(paper) || (needed.includes(paper.type) && keyOf(paper) === lastOf(paper.type)))
    .map(({ id }) => id)
    .sort();
}

async function listed(path: string, actor: Actor = scene.owner): Promise<{ id: string; siteId: string }[]> {
  const all: { id: string; siteId: string }[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const query: string = `${path}&limit=50${cursor && `&cursor=${cursor}`}`;
    const { body } = await desk.service.as(actor).get(`/v1/${query}`).expect(200);
    all.push(...body.items);
    cursor = body.nextCursor as string | null;
  }
  return all;
}

const attention = async (query = '', actor: Actor = scene.owner) =>
  (await desk.service.as(actor).get(`/v1/portfolio/summary?${query}`).expect(200)).body.attention;
/** The lists behind the figures. */
const BEHIND = {
  licencesDue: [`licences?dueWithinDays=${DUE_DAYS}`],
  findingsOpen: ['findings?status=open', 'findings?status=rectified'],
  severeFindingsOpen: ['findings?severity=severe&status=open', 'findings?severity=severe&status=rectified'],
  complaintsOpen: ['complaints?status=open'],
};

/** Each figure of a slice beside how many the lists have at its sites. */
async function compare(
  query: string,
  at: (siteId: string) => boolean,
  actor: Actor = scene.owner,
): Promise<void> {
  const counted: Record<string, number> = {};
  for (const [figure, lists] of Object.entries(BEHIND)) {
    const found = (await Promise.all(lists.map((path) => listed(path, actor)))).flat();
    counted[figure] = found.filter(({ siteId }) => at(siteId)).length;
  }
  expect(await attention(query, actor)).toEqual(counted);
}

describe('what needs somebody', () => {
  it('is counted as its lists have it: licences revoked, renewed, replaced, dated ahead, of open and closed sites', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(aPlace, { minLength: 6, maxLength: 10 }), async (places) => {
        await open(places);
        const [first] = places;
        const of = new Set(places.map(({ siteId }) => siteId));
        for (const place of places) {
          const found = await listed(`licences?dueWithinDays=${DUE_DAYS}&siteId=${place.siteId}`);
          expect(found.map(({ id }) => id).sort()).toEqual(dueAt(place));
        }
        const told = (await desk.service.told(LicenceDue)).filter(({ siteId }) => of.has(siteId));
        const ending = places.flatMap((place) =>
          endingAt(place).filter(({ revokedOn }) => revokedOn === null),
        );
        const reminded = ending.filter(({ validTo }) => validTo !== null && validTo >= day(-DUE_DAYS));
        expect(told.map(({ licenceId }) => licenceId).sort()).toEqual(reminded.map(({ id }) => id).sort());
        const region = first.regionCode.slice(0, 9);
        const there = new Set(
          places.filter(({ regionCode }) => regionCode.startsWith(region)).map(({ siteId }) => siteId),
        );
        expect((await attention(`siteId=${first.siteId}`)).licencesDue).toBe(dueAt(first).length);
        await compare('', () => true);
        await compare('', (siteId) => there.has(siteId), aSiteManager(scene.operatorId, [...there]));
      }),
      { numRuns: 4 },
    );
  });

  it('stays with the sites that stand under the contract, or lie in the region, today', async () => {
    const inspections = new MealsInspections(desk);
    const sites = Array.from({ length: 4 }, () => aSite(scene.operatorId));
    await desk.service.deliver(...sites);
    const [stays, moves, leaves, elsewhere] = sites.map(({ siteId }) => siteId);
    const former = await contracts.active([stays, moves, leaves], { from: '2026-12-01' });
    const next = await contracts.active([elsewhere], { from: '2026-12-01' });
    for (const siteId of [stays, moves, leaves, elsewhere]) {
      const paper = {
        siteId,
        type: 'food_business',
        number: 'x',
        validFrom: '2022-01-01',
        validTo: '2027-01-01',
      };
      await desk.post(scene.owner, '/v1/licences', paper).expect(201);
      const about = [
        inspections.severe({ kind: undefined }),
        inspections.severe({ item: 'menu', severity: 'minor' }),
        inspections.severe({ item: 'samples' }),
        inspections.severe({ item: 'purchases' }),
      ];
      const id = await inspections.plan(siteId, desk.official);
      await inspections
        .carryOut(id, desk.official, ['food_safety', 'menu', 'samples', 'purchases'], about)
        .expect(200);
      const found = (await inspections.findingsOf(id)) as { id: string; item: string }[];
      const path = (item: string) => `/v1/findings/${found.find((one) => one.item === item)?.id}`;
      await desk.post(scene.owner, `${path('menu')}/rectify`, { rectification: '已公示' }).expect(200);
      await desk.post(desk.official, `${path('samples')}/withdraw`, { reason: '误判' }).expect(200);
      await desk.post(desk.official, `${path('purchases')}/reinspections`, { passed: true }).expect(201);
      const words = { siteId, category: 'food', severity: 'low', text: '菜凉' };
      const one = await desk.post(scene.owner, '/v1/complaints', words).expect(201);
      await desk.post(scene.owner, '/v1/complaints', words).expect(201);
      await desk
        .post(scene.owner, `/v1/complaints/${one.body.id}/answer`, { answer: '已加热', upheld: true })
        .expect(200);
    }
    const each = { licencesDue: 1, findingsOpen: 2, severeFindingsOpen: 1, complaintsOpen: 1 };
    const times = (many: number) =>
      Object.fromEntries(Object.entries(each).map(([figure, count]) => [figure, count * many]));
    expect(await attention(`contractId=${former}`)).toEqual(times(3));
    const official = { ...scene.official };
    await desk
      .post(official, `/v1/contracts/${former}/handovers`, {
        toContractId: next,
        on: day(1),
        siteIds: [moves],
      })
      .expect(201);
    // Today it still stands there.
    await compare(`contractId=${former}`, (siteId) => [stays, moves, leaves].includes(siteId));
    desk.clock.set(`${day(1)}T02:00:00Z`);
    await compare(`contractId=${former}`, (siteId) => [stays, leaves].includes(siteId));
    await compare(`contractId=${next}`, (siteId) => [moves, elsewhere].includes(siteId));
    // A site that is told to lie in another street counts there, for the region's authority too.
    const { operatorId } = scene;
    await desk.service.deliver(aSite(operatorId, { siteId: leaves, regionCode: '310104003001', version: 2 }));
    await compare('region=310104', (siteId) => siteId === leaves);
    await compare('', (siteId) => siteId === leaves, anAuthority('310104'));
    await desk.post(scene.owner, `/v1/contracts/${former}/terminate`, { reason: '合同解除' }).expect(200);
    desk.clock.set(`${day(2)}T02:00:00Z`);
    await desk.turn('contract-calendar');
    await compare(`contractId=${former}`, () => false);
    await compare('', () => true);
  });
});
