import { getDayDetail } from 'chinese-days';

/** Days of the month that is played, worked out from the public calendar alone. */
export interface CareMonth {
  month: string;
  /** First day of the next month. */
  over: string;
  /** Workdays from the first that is played. */
  workdays: string[];
}

const LIVE_DAYS = 4;
const SPARE_DAYS = 8;

/** What is left of tomorrow's month, or the whole of the next one when that is too little. */
export function careMonthAfter(day: string): CareMonth {
  const tomorrow = dayAfter(day);
  const rest = monthFrom(tomorrow);
  return rest.workdays.length >= LIVE_DAYS + SPARE_DAYS ? rest : monthFrom(rest.over);
}

function monthFrom(first: string): CareMonth {
  const month = first.slice(0, 7);
  const workdays: string[] = [];
  let day = first;
  for (; day.startsWith(month); day = dayAfter(day)) if (getDayDetail(day).work) workdays.push(day);
  return { month, over: day, workdays };
}

export function dayAfter(day: string, days = 1): string {
  return new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10);
}

/** A birth date that makes a child so many months old on a day; days that the month lacks go to its last. */
export function bornBefore(day: string, months: number): string {
  const [year, month, date] = day.split('-').map(Number);
  const first = new Date(Date.UTC(year, month - 1 - months, 1));
  const length = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate();
  return `${first.toISOString().slice(0, 8)}${String(Math.min(date, length)).padStart(2, '0')}`;
}

/** What the chapter itself writes down of each placement: a mark for each day, as on paper. */
export class PaperSheet {
  private readonly marks = new Map<string, Map<string, string>>();

  constructor(private readonly month: CareMonth) {}

  mark(placementId: string, day: string, mark: 'A' | 'S' | 'P' | 'U' | 'C'): void {
    const own = this.marks.get(placementId) ?? new Map<string, string>();
    this.marks.set(placementId, own.set(day, mark));
  }

  /** A place that nobody used has a line too. */
  open(placementId: string): void {
    this.marks.set(placementId, this.marks.get(placementId) ?? new Map());
  }

  get placements(): string[] {
    return [...this.marks.keys()];
  }

  /** One mark for each day of the month. */
  lineOf(placementId: string): string {
    let line = '';
    const own = this.marks.get(placementId);
    for (let day = `${this.month.month}-01`; day < this.month.over; day = dayAfter(day))
      line += own?.get(day) ?? '.';
    return line;
  }

  count(mark: string): number {
    return this.placements.reduce((sum, id) => sum + this.lineOf(id).split(mark).length - 1, 0);
  }
}
