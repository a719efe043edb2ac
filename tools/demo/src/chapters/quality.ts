import { same } from '../checks';
import type { Resident } from '../setup';
import type { Chapter, Stage, Told } from './chapter';
import {
  bookFor,
  bookLunch,
  dayAfter,
  giveBack,
  guests,
  type Lunch,
  lunches,
  sameBookings,
  stillConfirmed,
  type StoryTold,
  touched,
} from './quality-booking';
import { changeContract, handOverSite } from './quality-contracts';

const GUESTS = 3;
const PICTURE = {
  name: '整改照片.pdf',
  contentType: 'application/pdf',
  contentBase64: Buffer.from('%PDF-1.7 picture').toString('base64'),
};

interface Story {
  stage: Stage;
  lunch: Lunch;
  guests: Resident[];
  /** The day that its bookings are for. */
  day: string;
}

/** What keeps a site trusted: papers that run out, inspections, and contracts that change hands without losing anybody. */
export const quality: Chapter = {
  title: 'contracts, licences, inspections',
  async play(stage: Stage): Promise<Told> {
    const [handed, unlicensed, inspected] = lunches(stage, 3);
    const who = guests(stage.scene, GUESTS + 1);
    const amendment = await changeContract(stage);
    const handover = await handOverSite(stage, handed, who.slice(0, GUESTS));
    const licence = await letLicenceLapse({
      stage,
      lunch: unlicensed,
      guests: who,
      day: dayAfter(stage.day, 3),
    });
    const finding = await suspendAndLift({
      stage,
      lunch: inspected,
      guests: who,
      day: dayAfter(stage.day, 5),
    });
    const stories = [amendment, handover, licence, finding];
    await giveBack(
      stage,
      stories.flatMap(({ booked }) => booked),
    );
    return {
      report: {
        licences: licence.figures,
        quality: { amendment: amendment.figures, handover: handover.figures, finding: finding.figures },
      },
      rows: [
        ['Contracts', `${amendment.line}\n${handover.line}`],
        ['Licences', licence.line],
        ['Inspections', finding.line],
      ],
      checks: stories.flatMap(({ checks }) => checks),
    };
  },
};

/** The kitchen's licence runs out: nobody else may book, who has booked is named, and a renewal lets it go on. */
async function letLicenceLapse({ stage, lunch, guests: who, day }: Story): Promise<StoryTold> {
  const { scene, books } = stage;
  const booked = await bookFor(stage, lunch, who.slice(0, GUESTS), day);
  const { id } = await scene.owner.post<{ id: string }>('/v1/licences', {
    siteId: lunch.site.id,
    type: 'food_business',
    number: 'JY23101010000001',
    validFrom: '2020-01-01',
    validTo: stage.day,
    document: PICTURE,
  });
  await stage.everythingHeard();
  const refusedBy = await bookLunch(scene, lunch, who[GUESTS], day);
  const named = await touched(scene, `/v1/licences/${id}/bookings`, booked.length);
  const stored = await standing(stage, `site_id = $1 AND kind = 'meals' AND starts_at > $2`, [lunch.site.id]);
  await scene.owner.post(`/v1/licences/${id}/renewals`, {
    validFrom: stage.day,
    validTo: dayAfter(stage.day, 1_800),
  });
  await stage.everythingHeard();
  const after = await bookLunch(scene, lunch, who[GUESTS], day);
  return {
    booked: [...booked, after],
    figures: { lapsed: 1, refusedBy, bookingsTouched: named.length, renewed: 1 },
    line: `1 lapsed: new bookings refused (${refusedBy}), ${named.length} made before are named · renewed, bookable again`,
    checks: [
      same('a lapsed licence stops new bookings', 'the refusal', refusedBy, 'licence_lapsed'),
      sameBookings('bookings touched by the lapse', named, stored),
      same(
        'a renewal lets bookings go on',
        'bookings of the last guest, in the database',
        await books.number(
          'bookings',
          `SELECT count(*) FROM booking WHERE id::text = $1 AND status = 'confirmed'`,
          [after],
        ),
        1,
      ),
    ],
  };
}

/** An inspection finds something severe about one offering; it is put right, inspected again, and goes on. */
async function suspendAndLift({ stage, lunch, guests: who, day }: Story): Promise<StoryTold> {
  const { scene } = stage;
  const booked = await bookFor(stage, lunch, who.slice(0, GUESTS), day);
  const findingId = await findSomethingSevere(stage, lunch);
  await stage.everythingHeard();
  const refusedBy = await bookLunch(scene, lunch, who[GUESTS], day);
  const named = await touched(scene, `/v1/findings/${findingId}/bookings`, booked.length);
  const stored = await standing(stage, `offering_id = $1 AND starts_at > $2`, [lunch.offeringId]);
  const kept = await stillConfirmed(stage, booked);
  const starsWhile = await starsOf(stage, lunch);
  const rectified = { rectification: '已更换冷藏柜并培训', document: PICTURE };
  await scene.owner.post(`/v1/findings/${findingId}/rectify`, rectified);
  const tooEarly = await bookLunch(scene, lunch, who[GUESTS], day);
  await scene.official.post(`/v1/findings/${findingId}/reinspections`, { passed: true, note: '复查合格' });
  await stage.everythingHeard();
  const after = await bookLunch(scene, lunch, who[GUESTS], day);
  const lifted = await stillConfirmed(stage, [after]);
  const starsAfter = await starsOf(stage, lunch);
  return {
    booked: [...booked, after],
    figures: { refusedBy, bookingsTouched: named.length, bookingsKept: kept, lifted, starsWhile, starsAfter },
    line: `1 severe finding: offering suspended (${refusedBy}), ${named.length} bookings named and kept, ${starsWhile} star\nput right and inspected again: bookable, ${starsAfter} stars`,
    checks: [
      same('a severe finding stops new bookings', 'the refusal', refusedBy, 'suspended_by_inspection'),
      same(
        'until it is inspected again',
        'the refusal after it was put right',
        tooEarly,
        'suspended_by_inspection',
      ),
      sameBookings('bookings touched by the finding', named, stored),
      same('the finding loses no booking', 'bookings that stand', kept, booked.length),
      same('inspected again, it goes on', 'bookings after the lifting', lifted, 1),
      // By the rule of everywhere: 65 of 100 points are two stars, one at most while a severe finding stands.
      same('stars follow the inspection', 'during and after', `${starsWhile}, ${starsAfter}`, '1, 2'),
    ],
  };
}

async function findSomethingSevere({ scene, day }: Stage, { site, offeringId }: Lunch): Promise<string> {
  const plan = { siteId: site.id, kind: 'meals', plannedOn: day };
  const { id } = await scene.official.post<{ id: string }>('/v1/inspections', plan);
  const items = ['food_safety', 'samples', 'sterilising', 'purchases', 'menu'];
  await scene.official.post(`/v1/inspections/${id}/carry-out`, {
    results: items.map((item) => ({ item, outcome: item === 'food_safety' ? 'fail' : 'pass' })),
    findings: [
      {
        item: 'food_safety',
        severity: 'severe',
        offeringId,
        description: '冷藏柜温度超标，生熟未分开',
        rectifyBy: dayAfter(day, 7),
      },
    ],
  });
  const [finding] = await scene.official.all<{ id: string }>(`/v1/findings?inspectionId=${id}`);
  return finding.id;
}

async function starsOf({ scene, day }: Stage, { site }: Lunch): Promise<number | undefined> {
  const rated = await scene.owner.all<{ stars: number }>(`/v1/site-ratings?siteId=${site.id}&asOf=${day}`);
  return rated[0]?.stars;
}

/** Past every service: what stands in the bookings database, still to come. `$1` is the first parameter, `$2` now. */
async function standing({ books, clock }: Stage, where: string, params: string[]): Promise<string[]> {
  const rows = await books.rows<{ id: string }>(
    'bookings',
    `SELECT id FROM booking WHERE status IN ('held', 'confirmed') AND ${where}`,
    [...params, clock.now()],
  );
  return rows.map(({ id }) => id).sort();
}
