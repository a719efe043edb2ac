/** A child on a day, as a list on paper would have it. */
interface Entry {
  placement: string;
  child: string;
  born: string;
  group: number;
  day: string;
  morning: boolean;
  afternoon: boolean;
  standing: boolean;
  absent: boolean;
}

export interface KnownPlacement {
  id: string;
  child: string;
  born: string;
  group: number;
  from: string;
  /** Exclusive. */
  to: string;
  temporary: boolean;
  ended: boolean;
}

export interface OracleDay {
  day: string;
  claimedMorning: number;
  claimedAfternoon: number;
  expectedMorning: number;
  expectedAfternoon: number;
}

interface Size {
  places: number;
  staff: number;
}
type Weekdays = { weekday: number; part: string }[];

const RANGE = { toddler: [12, 24], mixed: [18, 36] } as const;
/** A fifteenth, a twenty-first: shares of 105, so that thirds, fifths and sevenths add up. */
const SHARE = { infant: 35, toddler: 21, older: 15 };

/**
 * Places of groups the naive way: a list of children for each day, looked through from the start each time. It is told what
 * the service answered and notes where it would have answered otherwise.
 */
export class Oracle {
  readonly placements: KnownPlacement[] = [];
  readonly children: { id: string; born: string }[] = [];
  readonly disagreements: string[] = [];
  /** What was asked last, and the answer. */
  last = '';
  private entries: Entry[] = [];
  private readonly sizes: Map<string, Size>[];

  constructor(
    private readonly today: string,
    private readonly groups: ({ ageClass: 'toddler' | 'mixed' } & Size)[],
  ) {
    this.sizes = groups.map(({ places, staff }) => new Map([[today, { places, staff }]]));
  }

  enrolled(group: number, child: string, born: string, weekdays: Weekdays, from: string, id?: string): void {
    this.children.push({ id: child, born });
    const to = this.outgrown(group, born, from);
    const days = this.daysOf(id ?? 'wanted', group, child, born, weekdays, from, to);
    this.settle('enrol', from < to && this.fits(days), id, () => {
      const placement = { id: id ?? '', child, born, group, from, to, temporary: false, ended: false };
      this.add(placement, days);
    });
  }

  guest(group: number, child: string, born: string, days: string[], part: string, id?: string): void {
    const sorted = [...days].sort();
    const [from, last] = [sorted[0] as string, sorted.at(-1) as string];
    const to = next(last);
    const outgrown = this.outgrown(group, born, from);
    const entries = sorted.map((day) => entryOf(id ?? 'wanted', group, child, born, day, part, false));
    this.settle('guest', outgrown >= to && this.fits(entries), id, () => {
      const placement = { id: id ?? '', child, born, group, from, to, temporary: true, ended: false };
      this.add(placement, entries);
    });
  }

  absent({ id }: KnownPlacement, from: string, to: string): boolean {
    const own = this.entries.filter(
      (one) => one.placement === id && !one.absent && one.day >= from && one.day < to,
    );
    for (const one of own) one.absent = true;
    return this.answered('absent', own.length > 0);
  }

  reserve({ id }: KnownPlacement, day: string): boolean {
    const own = this.entries.find((one) => one.placement === id && one.day === day && one.absent);
    if (!own) return this.answered('unplanned', false);
    const before = this.entries;
    this.entries = before.filter((one) => one !== own);
    const fits = this.fits([{ ...own, absent: false }]);
    this.entries = before;
    if (fits) own.absent = false;
    return this.answered('reserve', fits);
  }

  end(placement: KnownPlacement, on: string): boolean {
    if (on < placement.from || on >= placement.to) return false;
    this.entries = this.entries.filter((one) => one.placement !== placement.id || one.day < on);
    Object.assign(placement, { to: on, ended: true });
    return true;
  }

  changed(former: KnownPlacement, group: number, weekdays: Weekdays, from: string, id?: string): void {
    const { child, born } = former;
    const allowed = !former.temporary && !former.ended && from > former.from && from <= former.to;
    const to = this.outgrown(group, born, from);
    const before = this.entries;
    this.entries = before.filter((one) => one.placement !== former.id || one.day < from);
    const days = this.daysOf(id ?? 'wanted', group, child, born, weekdays, from, to);
    const fits = allowed && from < to && this.fits(days);
    if (id === undefined || !fits) this.entries = before;
    this.settle('change', fits, id, () => {
      Object.assign(former, { to: from, ended: true });
      this.add({ id: id ?? '', child, born, group, from, to, temporary: false, ended: false }, days);
    });
  }

  resize(group: number, { from, places, staff }: { from: string } & Size): boolean {
    const sizes = this.sizes[group] as Map<string, Size>;
    const before = new Map(sizes);
    sizes.set(from, { places, staff });
    const taken = [...new Set(this.entries.filter((one) => one.group === group).map(({ day }) => day))];
    const fits = taken.every((day) => this.within(group, day, this.entries));
    if (!fits) this.sizes[group] = before;
    return this.answered('resize', fits);
  }

  /** Days on which somebody is away, with whom. */
  absences(): { placement: KnownPlacement; day: string }[] {
    const away = this.entries.filter((one) => one.absent);
    return away.flatMap(({ placement, day }) => {
      const known = this.placements.find(({ id }) => id === placement);
      return known ? [{ placement: known, day }] : [];
    });
  }

  counts(group: number, day: string): OracleDay {
    const on = this.entries.filter((one) => one.group === group && one.day === day);
    const count = (matches: (one: Entry) => boolean): number => on.filter(matches).length;
    return {
      day,
      claimedMorning: count((one) => one.standing && one.morning),
      claimedAfternoon: count((one) => one.standing && one.afternoon),
      expectedMorning: count((one) => !one.absent && one.morning),
      expectedAfternoon: count((one) => !one.absent && one.afternoon),
    };
  }

  private answered(what: string, yes: boolean): boolean {
    this.last = `${what} ${yes ? 'yes' : 'no'}`;
    return yes;
  }

  private settle(what: string, wouldAccept: boolean, id: string | undefined, accept: () => void): void {
    this.last = `${what} ${wouldAccept ? 'yes' : 'no'}`;
    if (wouldAccept !== (id !== undefined))
      this.disagreements.push(`${what}: the oracle says ${wouldAccept ? 'yes' : 'no'}`);
    else if (wouldAccept) accept();
  }

  private add(placement: KnownPlacement, entries: Entry[]): void {
    this.placements.push(placement);
    this.entries.push(...entries);
  }

  private daysOf(
    id: string,
    group: number,
    child: string,
    born: string,
    weekdays: Weekdays,
    from: string,
    to: string,
  ): Entry[] {
    const found: Entry[] = [];
    for (let day = from; day < to; day = next(day)) {
      const planned = weekdays.find(({ weekday }) => weekday === (new Date(day).getUTCDay() || 7));
      if (planned) found.push(entryOf(id, group, child, born, day, planned.part, true));
    }
    return found;
  }

  private fits(wanted: Entry[]): boolean {
    const clash = wanted.some((one) =>
      this.entries.some(
        (other) =>
          other.child === one.child &&
          other.day === one.day &&
          !other.absent &&
          ((other.morning && one.morning) || (other.afternoon && one.afternoon)),
      ),
    );
    return !clash && wanted.every((one) => this.within(one.group, one.day, [...this.entries, one]));
  }

  /** No more children than places, no more shares of staff than there is staff; absent children keep their place. */
  private within(group: number, day: string, all: Entry[]): boolean {
    const { places, staff } = this.sizeOn(group, day);
    const on = all.filter((one) => one.group === group && one.day === day);
    const crowds = (['morning', 'afternoon'] as const).flatMap((part) => [
      on.filter((one) => one[part] && one.standing),
      on.filter((one) => one[part] && !one.absent),
    ]);
    return crowds.every((crowd) => {
      const shares = crowd.reduce((sum, { born }) => sum + shareOf(months(born, day)), 0);
      return crowd.length <= places && shares <= staff * 105;
    });
  }

  private sizeOn(group: number, day: string): Size {
    const starts = [...(this.sizes[group] as Map<string, Size>).keys()]
      .filter((start) => start <= day)
      .sort();
    return this.sizes[group]?.get(starts.at(-1) ?? this.today) as Size;
  }

  /** First day from `from` on, on which the child may not be in the group. */
  private outgrown(group: number, born: string, from: string): string {
    const [least, most] = RANGE[this.groups[group]?.ageClass ?? 'toddler'];
    let day = from;
    while (months(born, day) >= least && months(born, day) < most) day = next(day);
    return day;
  }
}

function entryOf(
  placement: string,
  group: number,
  child: string,
  born: string,
  day: string,
  part: string,
  standing: boolean,
): Entry {
  const [morning, afternoon] = [part !== 'afternoon', part !== 'morning'];
  return { placement, child, born, group, day, morning, afternoon, standing, absent: false };
}

function shareOf(age: number): number {
  return age < 24 ? SHARE.toddler : SHARE.older;
}

function months(born: string, day: string): number {
  const [y, m, d] = born.split('-').map(Number) as [number, number, number];
  const [year, month, date] = day.split('-').map(Number) as [number, number, number];
  return (year - y) * 12 + month - m - (date < d ? 1 : 0);
}

function next(day: string): string {
  return new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10);
}
