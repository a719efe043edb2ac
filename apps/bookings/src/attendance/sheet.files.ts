import type { Table } from '@doorstep/platform';
import { noDays, type Totals } from './attendance';
import type { AttendanceSheetDto } from './months.dto';

const NUMBERS = Object.keys(noDays()) as (keyof Totals)[];

/** The sheet as it is signed and filed: a line for each child, a column for each day, then the numbers. */
export function sheetTable({ month, workdays, items }: AttendanceSheetDto): Table {
  const days = items[0]?.marks.map((_, n) => String(n + 1).padStart(2, '0')) ?? [];
  const head = ['name', 'residentId', 'placementId', 'mode', 'from', 'to'];
  return {
    name: `attendance ${month}`,
    columns: [...head, ...days, ...NUMBERS, 'workdays', 'attendedHalf', 'revision'],
    rows: items.map((line) => [
      line.name ?? null,
      line.residentId,
      line.placementId,
      line.mode,
      line.from,
      line.to,
      ...line.marks,
      ...NUMBERS.map((field) => line.totals[field]),
      workdays,
      line.attendedHalf,
      line.revision,
    ]),
  };
}
