import { same } from '../checks';
import { untilGood } from '../patience';
import type { Check } from '../report';
import type { Stage, Told } from './chapter';
import type { CareStory } from './childcare';
import { PLACES, type Sheet } from './childcare-nursery';

/** What each question of the story has to be answered with. */
const EXPECTED: Record<string, string> = {
  'places are offered by priority, then by time, to whom they fit': 'yes',
  'the last in the queue waits': 'waiting',
  'a declined place goes to the next at once': 'offered',
  'who declined is not asked again': 'application_declined',
  'a full group takes no guest': 'full',
  'four ask at once for the last hour of a contingent':
    'accepted, contingent_used, contingent_used, contingent_used',
  'a fever at the door': 'refused',
  'a pick-up twenty minutes late': 'late',
  'a child of three': 'care_day_not_found',
  'a closed month takes no absence': 'month_closed',
};

/** Sheets over HTTP against the chapter's own paper, and both against what the database holds. */
export async function childcareChecks(stage: Stage, story: CareStory): Promise<Told> {
  const { nursery, month, paper, cast, answers } = story;
  const sheets = [
    await nursery.sheet(nursery.toddlers, month.month),
    await nursery.sheet(nursery.older, month.month),
  ];
  await markUnused(stage, story);
  const lines = sheets.flatMap(({ items }) => items);
  const differing = lines.filter(
    ({ placementId, marks }) => marks.map((mark) => mark || '.').join('') !== paper.lineOf(placementId),
  );
  const attended = lines.reduce((sum, { totals }) => sum + totals.daysAttended, 0);
  const minutes = lines.reduce((sum, { totals }) => sum + totals.minutesAttended, 0);
  const late = lines.reduce((sum, { totals }) => sum + totals.latePickupMinutes, 0);
  const wrong = Object.keys(EXPECTED).filter((asked) => answers[asked] !== EXPECTED[asked]);
  const placements = {
    month: month.month,
    groups: 2,
    children: lines.length - 1,
    byMode: countBy(lines),
    days: {
      attended,
      sick: paper.count('S'),
      planned: paper.count('P'),
      unplanned: paper.count('U'),
      closed: paper.count('C'),
    },
    minutesAttended: minutes,
    latePickupMinutes: late,
    told: lines.length,
  };
  return {
    report: { placements },
    rows: [
      [
        'childcare',
        `${placements.children} children in 2 groups in ${month.month}, ${attended} days attended`,
      ],
    ],
    checks: [
      same(
        'childcare: every question answered as it must be',
        'answers that differ',
        wrong.map((asked) => `${asked}: ${answers[asked]}`).join('; ') || 'none',
        'none',
      ),
      same('childcare: attendance sheet', 'lines that differ from the paper list', differing.length, 0),
      same(
        'childcare: lines',
        'placements on the sheets against those played',
        lines.length,
        Object.keys(cast).length,
      ),
      same('childcare: days attended', 'sheets over HTTP against the paper list', attended, paper.count('A')),
      ...(await databaseChecks(stage, story, sheets, minutes)),
      ...(await streetChecks(story)),
    ],
  };
}

/** The reserved hour that one of four got was not used by anybody. */
async function markUnused({ books }: Stage, { cast, paper, month }: CareStory): Promise<void> {
  const unused = await books.rows<{ day: string }>(
    'bookings',
    `SELECT day::text AS day FROM care_day WHERE placement_id = $1 AND day > $2::date`,
    [cast.hours.id, month.workdays[4]],
  );
  for (const { day } of unused) paper.mark(cast.hours.id, day, 'U');
}

async function databaseChecks(
  { books }: Stage,
  { nursery, month, cast }: CareStory,
  sheets: Sheet[],
  minutes: number,
): Promise<Check[]> {
  const number = (sql: string, params: unknown[] = []): Promise<number> =>
    books.number('bookings', sql, params);
  const groups = [nursery.toddlers, nursery.older];
  const ofGroups = `group_id IN ('${groups.join("','")}')`;
  const over = await number(
    `SELECT count(*) FROM (
       SELECT group_id, day, h FROM care_day, (VALUES (0), (1)) AS part (h)
       WHERE ${ofGroups} AND absence_kind IS NULL AND halves @> h GROUP BY group_id, day, h
       HAVING count(*) > CASE WHEN group_id = $1 THEN ${Math.min(PLACES.toddlers, 5)} ELSE ${Math.min(PLACES.older, 7)} END) t`,
    [nursery.toddlers],
  );
  const tooOld = await number(
    `SELECT count(*) FROM care_day d JOIN resident r ON r.id = d.resident_id WHERE d.day >= r.birth_date + interval '36 months'`,
  );
  const reserved = await number(`SELECT sum(spent_minutes) FROM care_day WHERE placement_id = $1`, [
    cast.hours.id,
  ]);
  const told = await number(
    `SELECT count(*) FROM attendance_line WHERE ${ofGroups} AND revision = 1 AND month = $1::date`,
    [`${month.month}-01`],
  );
  const revisions = await number(`SELECT count(*) FROM attendance_line WHERE ${ofGroups} AND revision > 1`);
  const stays = await number(
    `SELECT sum(floor(extract(epoch FROM checked_out_at - checked_in_at) / 60)) FROM (
       SELECT DISTINCT ON (placement_id, day) * FROM attendance WHERE ${ofGroups} ORDER BY placement_id, day, revision DESC) a
     WHERE outcome = 'attended'`,
  );
  // Ends are told, and below days counted and figures made, by rounds of the services' own.
  const ended = await untilGood(
    () =>
      number(
        `SELECT count(*) FROM placement WHERE id = $1 AND ends_on = $2::date AND warned_at IS NOT NULL AND end_reason = 'outgrown'`,
        [cast.leaves.id, month.workdays[3]],
      ),
    (found) => found > 0,
  );
  const workdays = new Set(sheets.map((sheet) => sheet.workdays)).size;
  return [
    same(
      'childcare: no group over its places or its ratio',
      'halves of days, counted from the children',
      over,
      0,
    ),
    same('childcare: nobody of three or older', 'days of children in the database', tooOld, 0),
    same('childcare: contingent', 'minutes reserved of 300', reserved, 300),
    same(
      'childcare: month told once',
      'lines told to billing against placements of the month',
      told,
      Object.keys(cast).length,
    ),
    same('childcare: one correction', 'further revisions of lines', revisions, 1),
    same('childcare: minutes', 'sheets over HTTP against times in the database', minutes, stays),
    same('childcare: third birthday', 'places that were warned of and ended on that day', ended, 1),
    same('childcare: workdays', 'both sheets measure by the same', workdays, 1),
  ];
}

/** Children in care are people of the street report, each once, on the days that the paper list says. */
async function streetChecks({ nursery, month, cast, paper }: CareStory): Promise<Check[]> {
  const came = Object.entries(cast).filter(([, { id }]) => paper.lineOf(id).includes('A'));
  // Who outgrew its class is one child with two placements.
  const children = new Set(came.map(([who]) => (who === 'grown' ? 'grows' : who))).size;
  const days = paper.count('A');
  const asCounted = ({ people, visits }: { people: number; visits: number }): boolean =>
    people === children && visits === days;
  const { people, visits } = await untilGood(() => nursery.streets(month.month), asCounted);
  return [
    same(
      'childcare: people',
      'street report against children with a day on the paper list',
      people,
      children,
    ),
    same('childcare: visits', 'street report against days attended on the paper list', visits, days),
  ];
}

function countBy(lines: { mode: string }[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { mode } of lines) counts[mode] = (counts[mode] ?? 0) + 1;
  return counts;
}
