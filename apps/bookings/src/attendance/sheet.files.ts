import { type Language, sayer, type Words, words } from '@doorstep/kernel';
import { column, type FileColumn, type Table, tableIn } from '@doorstep/platform';
import type { Totals } from './attendance';
import type { AttendanceLineDto, AttendanceSheetDto } from './months.dto';

const modeWord = sayer({
  full_day: words('全日托', 'Full day'),
  half_day: words('半日托', 'Half day'),
  timed: words('计时托', 'Timed'),
  temporary: words('临时托', 'Temporary'),
});

/** Marks of days: letters that an office ticks in English, signs that nurseries write in China. */
const markWord = sayer({
  A: words('√', 'A'),
  S: words('病', 'S'),
  P: words('事', 'P'),
  U: words('缺', 'U'),
  C: words('休', 'C'),
  F: words('停', 'F'),
});

const TOTALS: Record<keyof Totals, Words> = {
  daysPlanned: words('计划天数', 'Days planned'),
  daysAttended: words('出勤天数', 'Days attended'),
  daysSick: words('病假天数', 'Days sick'),
  daysAbsentPlanned: words('事假天数', 'Days absent, told in time'),
  daysAbsentUnplanned: words('缺勤天数', 'Days absent without notice'),
  daysClosed: words('闭园天数', 'Days closed'),
  daysForceMajeure: words('不可抗力停托天数', 'Days of force majeure'),
  minutesAttended: words('出勤分钟', 'Minutes attended'),
  latePickups: words('晚接次数', 'Late pick-ups'),
  latePickupMinutes: words('晚接分钟', 'Minutes of late pick-ups'),
  minutesReserved: words('计时额度分钟', 'Minutes of the contingent'),
  daysReserved: words('计时额度天数', 'Days of the contingent'),
};

const HEAD = [
  column<AttendanceLineDto>('姓名', 'Name', ({ name }) => name ?? null),
  column<AttendanceLineDto>('幼儿编号', 'Child', ({ residentId }) => residentId),
  column<AttendanceLineDto>('学位编号', 'Placement', ({ placementId }) => placementId),
  column<AttendanceLineDto>('托育方式', 'Mode', ({ mode }, language) => modeWord(mode, language)),
  column<AttendanceLineDto>('入托日', 'From', ({ from }) => from),
  column<AttendanceLineDto>('离托日', 'Until', ({ to }) => to),
];

/** The sheet as it is signed and filed: a line for each child, a column for each day, then the numbers. */
export function sheetTable({ month, workdays, items }: AttendanceSheetDto, language: Language): Table {
  const days = (items[0]?.marks ?? []).map((_, n): FileColumn<AttendanceLineDto> => {
    const day = String(n + 1).padStart(2, '0');
    return column(day, day, ({ marks }, of) => markWord(marks[n] ?? '', of));
  });
  const totals = Object.entries(TOTALS).map(([field, title]): FileColumn<AttendanceLineDto> => ({
    title,
    cell: (line) => line.totals[field as keyof Totals],
  }));
  const tail = [
    column<AttendanceLineDto>('当月工作日', 'Workdays', () => workdays),
    column<AttendanceLineDto>('出勤过半', 'Attended half', ({ attendedHalf }, of) => yes(attendedHalf, of)),
    column<AttendanceLineDto>('更正次序', 'Revision', ({ revision }) => revision),
  ];
  const name = words(`考勤表 ${month}`, `Attendance ${month}`);
  return tableIn(language, name, [...HEAD, ...days, ...totals, ...tail], items);
}

const yes = (is: boolean, language: Language): string => {
  if (language === 'en') return is ? 'yes' : 'no';
  return is ? '是' : '否';
};
