import { type Language, sayer, words } from '@doorstep/kernel';
import { column, type Table, tableIn } from '@doorstep/platform';
import { DateTime } from 'luxon';
import type { RoundsDto, SheetDto, SheetLineDto } from './sheets.dto';

const serviceWord = sayer({
  sitting: words('堂食', 'Sitting'),
  take_away: words('自取', 'Take-away'),
  delivery: words('送餐', 'Delivery'),
});
const textureWord = sayer({
  regular: words('普食', 'Regular'),
  soft: words('软食', 'Soft'),
  minced: words('碎食', 'Minced'),
  pureed: words('糊状', 'Pureed'),
  liquid: words('流食', 'Liquid'),
});
const allergenWord = sayer({
  gluten: words('麸质', 'Gluten'),
  crustaceans: words('甲壳类', 'Crustaceans'),
  fish: words('鱼类', 'Fish'),
  egg: words('蛋类', 'Egg'),
  peanut: words('花生', 'Peanut'),
  soy: words('大豆', 'Soy'),
  milk: words('乳类', 'Milk'),
  nuts: words('坚果', 'Nuts'),
});
/** Kitchens add diets of their own. */
const dietWord = sayer({
  vegetarian: words('素食', 'Vegetarian'),
  halal: words('清真', 'Halal'),
  low_salt: words('低盐', 'Low salt'),
  low_sugar: words('低糖', 'Low sugar'),
  low_fat: words('低脂', 'Low fat'),
});

const SHEET = [
  column<SheetLineDto>('时间', 'Start', ({ start, timeZone }) => localTime(start, timeZone)),
  column<SheetLineDto>('取餐方式', 'Service', ({ service }, language) => serviceWord(service, language)),
  column<SheetLineDto>('菜品', 'Dish', (line, language) => dishName(line, language)),
  column<SheetLineDto>('质地', 'Texture', ({ texture }, language) => textureWord(texture, language)),
  column<SheetLineDto>('饮食要求', 'Diets', ({ diets }, language) => listed(diets, dietWord, language)),
  column<SheetLineDto>('忌口', 'To avoid', ({ avoid }, language) => listed(avoid, allergenWord, language)),
  column<SheetLineDto>('份数', 'Portions', ({ portions }) => portions),
  column<SheetLineDto>('其中：未点餐', 'Of these, not chosen', ({ unchosen }) => unchosen),
];

/** The kitchen sheet as a table that is printed and hung up. */
export function sheetTable({ day, lines }: SheetDto, language: Language): Table {
  return tableIn(language, words(`备餐单 ${day}`, `Kitchen ${day}`), SHEET, lines);
}

type RoundStop = Omit<RoundsDto['rounds'][number], 'stops'> & {
  place: number;
  timeZone: string;
  stop: RoundsDto['rounds'][number]['stops'][number];
};

const ROUNDS = [
  column<RoundStop>('线路', 'Round', ({ number }) => number),
  column<RoundStop>('时间', 'Start', ({ start, timeZone }) => localTime(start, timeZone)),
  column<RoundStop>('站序', 'Stop', ({ place }) => place),
  column<RoundStop>('姓名', 'Name', ({ stop }) => stop.name ?? null),
  column<RoundStop>('手机', 'Mobile', ({ stop }) => stop.mobile ?? null),
  column<RoundStop>('地址', 'Address', ({ stop }) => stop.address ?? null),
  column<RoundStop>('份数', 'Portions', ({ stop }) => stop.portions),
  column<RoundStop>('预约编号', 'Booking', ({ stop }) => stop.bookingId),
];

export function roundsTable({ day, timeZone, rounds }: RoundsDto, language: Language): Table {
  const stops = rounds.flatMap(({ stops: each, ...round }) =>
    each.map((stop, n): RoundStop => ({ ...round, timeZone, place: n + 1, stop })),
  );
  return tableIn(language, words(`配送线路 ${day}`, `Rounds ${day}`), ROUNDS, stops);
}

/** Of the day that the sheet is for, on the clock that hangs there. */
const localTime = (start: string, zone: string): string =>
  DateTime.fromISO(start, { zone }).toFormat('HH:mm');

/** Many dishes have no English name. */
function dishName({ nameZh, nameEn }: SheetLineDto, language: Language): string | null {
  return (language === 'en' ? nameEn : undefined) ?? nameZh ?? null;
}

function listed(codes: readonly string[], say: ReturnType<typeof sayer>, language: Language): string {
  return codes.map((code) => say(code, language)).join(language === 'en' ? ', ' : '、');
}
