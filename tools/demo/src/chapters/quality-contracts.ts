import { same } from '../checks';
import type { Resident } from '../setup';
import { onceHeard } from '../setup-sites';
import type { Stage } from './chapter';
import { bookFor, dayAfter, type Lunch, stillConfirmed, type StoryTold } from './quality-booking';

const CEILING_FEN = { before: 2_000, after: 2_200 };

interface Price {
  kind: string;
  mode?: string | null;
  unit: string;
  amountFen: number;
  stepMinutes?: number | null;
}

interface Terms {
  services: { kind: string; priceCeilingFen?: number }[];
}

/** Both sides agree on a higher ceiling for lunches from a day on; days before keep what was agreed on for them. */
export async function changeContract(stage: Stage): Promise<StoryTold> {
  const { scene, books, day } = stage;
  const path = `/v1/contracts/${scene.contractId}`;
  const effectiveOn = dayAfter(day, 2);
  const { services } = await scene.owner.get<Terms>(path);
  const raised = services.map((line) =>
    line.kind === 'meals' ? { ...line, priceCeilingFen: CEILING_FEN.after } : line,
  );
  const { id } = await scene.owner.post<{ id: string }>(`${path}/amendments`, {
    effectiveOn,
    note: '补充协议一：助餐限价调整',
    terms: { services: raised },
  });
  for (const party of [scene.owner, scene.official])
    await party.post(`${path}/amendments/${id}/signatures`, {});
  const days = [day, dayAfter(day, 1), effectiveOn, dayAfter(day, 400)];
  const answered: number[] = [];
  const stored: number[] = [];
  for (const asOf of days) {
    const terms = await scene.official.get<Terms>(`${path}?asOf=${asOf}`);
    answered.push(terms.services.find(({ kind }) => kind === 'meals')?.priceCeilingFen ?? NaN);
    stored.push(
      await books.number(
        'operators',
        `SELECT (service->>'priceCeilingFen')::int
         FROM contract_revision, jsonb_array_elements(terms->'services') AS service
         WHERE contract_id = $1 AND from_day <= $2 AND to_day > $2 AND service->>'kind' = 'meals'`,
        [scene.contractId, asOf],
      ),
    );
  }
  const { before, after } = CEILING_FEN;
  return {
    booked: [],
    figures: { effectiveOn, ceilingFenByDay: Object.fromEntries(days.map((each, i) => [each, answered[i]])) },
    line: `1 amendment, signed by both sides, from ${effectiveOn}`,
    checks: [
      same(
        'a contract as of any day',
        'ceilings answered and agreed on',
        answered.join(),
        [before, before, after, after].join(),
      ),
      same('as-of answers are the stored revisions', 'ceilings', answered.join(), stored.join()),
    ],
  };
}

/** A site passes to another contract: bookings of later days go along, those before stay, none is lost. */
export async function handOverSite(stage: Stage, lunch: Lunch, who: Resident[]): Promise<StoryTold> {
  const { scene, books, day } = stage;
  const on = dayAfter(day, 2);
  const before = await bookFor(stage, lunch, who, dayAfter(day, 1));
  const after = await bookFor(stage, lunch, who, on);
  const toContractId = await signSecondContract(stage);
  await scene.official.post(`/v1/contracts/${scene.contractId}/handovers`, {
    toContractId,
    on,
    siteIds: [lunch.site.id],
  });
  await stage.everythingHeard();
  const under = (contractId: string, ids: string[]): Promise<number> =>
    books.number(
      'bookings',
      `SELECT count(*) FROM booking WHERE contract_id = $1 AND id::text = ANY ($2::text[])`,
      [contractId, ids],
    );
  const overlaps = await books.number(
    'operators',
    `SELECT count(*) FROM contract_site a JOIN contract_site b ON a.site_id = b.site_id AND a.id < b.id
     WHERE a.holds AND b.holds AND daterange(a.from_day, a.to_day) && daterange(b.from_day, b.to_day)`,
  );
  const kept = await stillConfirmed(stage, [...before, ...after]);
  return {
    booked: [...before, ...after],
    figures: {
      on,
      bookings: before.length + after.length,
      movedAlong: await under(toContractId, after),
      lost: before.length + after.length - kept,
    },
    line: `1 site handed over on ${on}: ${after.length} bookings went along, ${before.length} stayed, none lost`,
    checks: [
      same('a handover loses no booking', 'bookings that stand', kept, before.length + after.length),
      same(
        'bookings before the handover stay',
        'under the first contract',
        await under(scene.contractId, before),
        before.length,
      ),
      same(
        'bookings after it go along',
        'under the second contract',
        await under(toContractId, after),
        after.length,
      ),
      same('no site under two contracts', 'overlapping standings in the database', overlaps, 0),
    ],
  };
}

/** The same services at the same prices, by the same two parties. */
async function signSecondContract({ scene, day }: Stage): Promise<string> {
  const { owner, official, authorityId, operatorId, contractId } = scene;
  const { services } = await owner.get<Terms>(`/v1/contracts/${contractId}`);
  const { id } = await owner.post<{ id: string }>('/v1/contracts', {
    number: `DS-${day.slice(0, 4)}-2-${operatorId.slice(-6)}`,
    title: '嵌入式社区服务设施委托运营合同',
    authorityId,
    operatorId,
    form: 'custody',
    from: day,
    to: `${Number(day.slice(0, 4)) + 3}-01-01`,
    settlementCycle: 'monthly',
    services,
  });
  for (const party of [owner, official]) await party.post(`/v1/contracts/${id}/signatures`, {});
  await owner.post(`/v1/contracts/${id}/activate`, {});
  for (const price of await owner.all<Price>(`/v1/prices?contractId=${contractId}`)) {
    const { kind, mode, unit, amountFen, stepMinutes } = price;
    const of = { kind, unit, amountFen, ...(mode && { mode }), ...(stepMinutes && { stepMinutes }) };
    await onceHeard(() => owner.post('/v1/prices', { ...of, contractId: id, from: day }));
  }
  return id;
}
