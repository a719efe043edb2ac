import type { Table } from '@doorstep/platform';
import type { RoundsDto, SheetDto } from './sheets.dto';

/** The kitchen sheet as a table that is printed and hung up. */
export function sheetTable({ day, lines }: SheetDto): Table {
  return {
    name: `kitchen ${day}`,
    columns: ['start', 'service', 'dish_zh', 'dish_en', 'texture', 'diets', 'avoid', 'portions', 'unchosen'],
    rows: lines.map((line) => [
      line.start,
      line.service,
      line.nameZh ?? null,
      line.nameEn ?? null,
      line.texture,
      line.diets.join(' '),
      line.avoid.join(' '),
      line.portions,
      line.unchosen,
    ]),
  };
}

export function roundsTable({ day, rounds }: RoundsDto): Table {
  return {
    name: `rounds ${day}`,
    columns: ['round', 'start', 'stop', 'name', 'mobile', 'address', 'portions', 'booking'],
    rows: rounds.flatMap(({ number, start, stops }) =>
      stops.map(({ name, mobile, address, portions, bookingId }, n) => [
        number,
        start,
        n + 1,
        name ?? null,
        mobile ?? null,
        address ?? null,
        portions,
        bookingId,
      ]),
    ),
  };
}
