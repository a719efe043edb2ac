import { DateTime } from 'luxon';
import type { Chapter, Stage, Told } from './chapter';
import { childcareChecks } from './childcare-checks';
import { DemoNursery, type Placed, refusalOf, WHOLE_WEEK } from './childcare-nursery';
import { bornBefore, type CareMonth, careMonthAfter, dayAfter, PaperSheet } from './childcare-plan';

/** Every child of the chapter by its part in it. */
export interface Cast {
  whole: Placed;
  half: Placed;
  hours: Placed;
  days: Placed;
  /** Outgrows the toddlers and goes on with the older ones. */
  grows: Placed;
  grown: Placed;
  /** Turns three in the middle of the month. */
  leaves: Placed;
  next: Placed;
  guest: Placed;
}

export interface CareStory {
  month: CareMonth;
  nursery: DemoNursery;
  cast: Cast;
  paper: PaperSheet;
  /** Answers that the story expects, by what was asked. */
  answers: Record<string, string>;
}

const MORNINGS = WHOLE_WEEK.map(({ weekday }) => ({ weekday, part: 'morning' }));

/** A month of a nursery: every mode, a waiting list, absences, a fever at the door, a class outgrown, a third birthday. */
export const childcare: Chapter = {
  title: 'childcare, a month of it',
  async play(stage: Stage): Promise<Told> {
    const month = careMonthAfter(stage.day);
    const nursery = await DemoNursery.open(stage, month.workdays[0]);
    const answers: Record<string, string> = {};
    const cast = await enrol(nursery, month, answers);
    const story: CareStory = { month, nursery, cast, paper: new PaperSheet(month), answers };
    for (const { id } of Object.values(cast)) story.paper.open(id);
    await planAhead(story);
    for (const n of [0, 1, 2, 3]) await playDay(stage, story, n);
    await enterTheRest(stage, story);
    await nursery.closeMonth(nursery.toddlers, month.month);
    await nursery.closeMonth(nursery.older, month.month);
    await correctAfterwards(story);
    await stage.everythingHeard();
    return childcareChecks(stage, story);
  },
};

/** Applications in the order of their coming; one is urgent, gets the first offer, and declines. */
async function enrol(
  nursery: DemoNursery,
  { workdays }: CareMonth,
  answers: Record<string, string>,
): Promise<Cast> {
  const [start] = workdays;
  const full = { mode: 'full_day', pattern: WHOLE_WEEK };
  const toddler = bornBefore(start, 15);
  const ask = {
    whole: await nursery.apply(toddler, start, full),
    half: await nursery.apply(toddler, start, { mode: 'half_day', pattern: MORNINGS }),
    grows: await nursery.apply(bornBefore(workdays[2], 24), start, full),
    hours: await nursery.apply(toddler, start, { mode: 'timed', contingentMinutes: 300 }),
    days: await nursery.apply(toddler, start, { mode: 'timed', contingentDays: 3 }),
    declines: await nursery.apply(toddler, start, full, 5),
    next: await nursery.apply(toddler, start, full),
    leaves: await nursery.apply(bornBefore(workdays[3], 36), start, full),
  };
  const offered = await nursery.offer(nursery.toddlers, start);
  const order = ['declines', 'whole', 'half', 'grows', 'hours', 'days'] as const;
  const inOrder =
    order.every((who, n) => offered[n]?.applicationId === ask[who]) && offered.length === order.length;
  answers['places are offered by priority, then by time, to whom they fit'] = inOrder ? 'yes' : 'no';
  answers['the last in the queue waits'] = (await nursery.application(ask.next)).status;
  await nursery.answer('decline', ask.declines);
  answers['a declined place goes to the next at once'] = (await nursery.application(ask.next)).status;
  answers['who declined is not asked again'] = await refusalOf(() => nursery.answer('accept', ask.declines));
  await nursery.offer(nursery.older, start);
  const accept = (who: keyof typeof ask): Promise<Placed> => nursery.answer('accept', ask[who]);
  const grows = await accept('grows');
  const whole = await accept('whole');
  const guestId = await nursery.child(toddler);
  const guestDay = workdays[1];
  answers['a full group takes no guest'] = await refusalOf(() =>
    nursery.takeDays(nursery.toddlers, guestId, [guestDay]),
  );
  await nursery.tell(whole.id, 'absences', { kind: 'planned', from: guestDay, to: dayAfter(guestDay) });
  return {
    whole,
    grows,
    half: await accept('half'),
    hours: await accept('hours'),
    days: await accept('days'),
    next: await accept('next'),
    leaves: await accept('leaves'),
    grown: await nursery.change(grows.id, { ...full, from: workdays[2], groupId: nursery.older }),
    guest: await nursery.takeDays(nursery.toddlers, guestId, [guestDay]),
  };
}

/** Reservations out of contingents, an absence that is taken back, and a day on which the toddlers' room is painted. */
async function planAhead({ nursery, month: { workdays }, cast, paper, answers }: CareStory): Promise<void> {
  const afternoon = { fromAt: '13:00', toAt: '15:00' };
  for (const n of [0, 2])
    await nursery.tell(cast.hours.id, 'reservations', { day: workdays[n], ...afternoon });
  for (const n of [1, 3])
    await nursery.tell(cast.days.id, 'reservations', { day: workdays[n], part: 'afternoon' });
  const last = { fromAt: '13:00', toAt: '14:00' };
  const tries = [5, 6, 7, 8].map((n) =>
    refusalOf(() => nursery.tell(cast.hours.id, 'reservations', { day: workdays[n], ...last })),
  );
  const said = await Promise.all(tries);
  answers['four ask at once for the last hour of a contingent'] = said.sort().join(', ');
  const away = workdays[4];
  await nursery.tell(cast.whole.id, 'absences', { kind: 'planned', from: away, to: dayAfter(away) });
  await nursery.tell(cast.whole.id, 'reservations', { day: away });
  const painted = workdays.at(-1) as string;
  await nursery.closeDay(nursery.toddlers, painted);
  for (const who of [cast.whole, cast.half, cast.next]) paper.mark(who.id, painted, 'C');
  paper.mark(cast.whole.id, workdays[1], 'P');
}

/** One of the first days, from the door in the morning to the last pick-up. */
async function playDay(stage: Stage, story: CareStory, n: number): Promise<void> {
  const { nursery, month, cast, paper, answers } = story;
  const day = month.workdays[n];
  const at = (clock: string): Promise<void> => moveTo(stage, day, clock);
  const comes = (who: Placed): Promise<unknown> =>
    nursery.checkIn(who.id, day).then(() => paper.mark(who.id, day, 'A'));
  await at('08:10');
  if (n === 3) await nursery.tell(cast.half.id, 'absences', { kind: 'sick', from: day, to: dayAfter(day) });
  if (n === 3) paper.mark(cast.half.id, day, 'S');
  else await comes(cast.half);
  if (n === 2) {
    const fever = await nursery.checkIn(cast.next.id, day, { temperature: 38.1, symptoms: ['cough'] });
    answers['a fever at the door'] = fever.outcome;
    paper.mark(cast.next.id, day, 'S');
  } else await comes(cast.next);
  const whole = n === 1 ? cast.guest : cast.whole;
  await comes(whole);
  const other = n < 2 ? cast.grows : cast.grown;
  if (n < 3) await comes(other);
  else paper.mark(other.id, day, 'U');
  if (n < 3) await comes(cast.leaves);
  await at('12:05');
  if (n !== 3) await nursery.checkOut(cast.half.id, day);
  const timed = n % 2 === 0 ? cast.hours : cast.days;
  await comes(timed);
  await at('15:05');
  if (n % 2 === 0) await nursery.checkOut(timed.id, day);
  await at('17:20');
  if (n % 2 === 1) await nursery.checkOut(timed.id, day);
  if (n !== 2) await nursery.checkOut(cast.next.id, day);
  if (n < 3) await nursery.checkOut(other.id, day);
  if (n < 3) await nursery.checkOut(cast.leaves.id, day);
  if (n > 0) await nursery.checkOut(whole.id, day);
  else {
    await at('17:50');
    const late = (await nursery.checkOut(whole.id, day)).lateMinutes;
    answers['a pick-up twenty minutes late'] = late >= 20 && late <= 22 ? 'late' : `${late} minutes`;
  }
}

/** The later days hung as a paper list at the door: they are entered when the month is over. */
async function enterTheRest(stage: Stage, story: CareStory): Promise<void> {
  const { nursery, month, cast, paper, answers } = story;
  await moveTo(stage, month.over, '09:00');
  answers['a child of three'] = await refusalOf(() => nursery.checkIn(cast.leaves.id, month.workdays[3]));
  const later = month.workdays.slice(4);
  for (const [who, days, until] of [
    [cast.whole, later.slice(0, -1), '16:30'],
    [cast.half, later.slice(0, -1), '12:00'],
    [cast.next, later.slice(0, -1), '16:30'],
    [cast.grown, later, '16:30'],
  ] as const) {
    for (const day of days) {
      const was = stay(day, until);
      await nursery.enter(who.id, day, was, 'from_paper_list');
      paper.mark(who.id, day, 'A');
    }
  }
}

/** The month is told to billing; then it turns out that a child was sick on a day. */
async function correctAfterwards({ nursery, month, cast, paper, answers }: CareStory): Promise<void> {
  const day = month.workdays[5];
  const silent = month.workdays[3];
  const sick = { outcome: 'absent', absenceKind: 'sick' };
  await nursery.enter(cast.next.id, day, sick, 'mixed_up_with_sibling');
  paper.mark(cast.next.id, day, 'S');
  const away = { kind: 'sick', from: silent, to: dayAfter(silent) };
  answers['a closed month takes no absence'] = await refusalOf(() =>
    nursery.tell(cast.grown.id, 'absences', away),
  );
}

function stay(day: string, until: string): object {
  return {
    ...{
      outcome: 'attended',
      checkedInAt: `${day}T08:20:00+08:00`,
      checkedOutAt: `${day}T${until}:00+08:00`,
    },
  };
}

function moveTo({ clock }: Stage, day: string, at: string): Promise<void> {
  return clock.moveTo(DateTime.fromISO(`${day}T${at}:00`, { zone: 'Asia/Shanghai' }).toJSDate());
}
